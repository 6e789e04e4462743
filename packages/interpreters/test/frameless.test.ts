// Builtins that look at the frame of their caller, called from TypeScript, where there is none.

import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, expect, test } from 'vitest';

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create();
});
afterAll(async () => {
  await py.close();
});

test('exec and eval run as in __main__', async () => {
  await py.call('builtins:exec', ['total = 6']);
  expect(await py.call('builtins:eval', ['total * 7'])).toBe(42);
  expect(await py.call('eval', ['total'])).toBe(6);
  expect(py.callSync('builtins:eval', ['total'])).toBe(6);
  expect(await py.call('builtins:eval', ['n + 1', { n: 1 }])).toBe(2);
  expect(await py.call('builtins:eval', ['n + 1'], { kwargs: { globals: { n: 2 } } })).toBe(3);
  expect(await py.call('builtins:eval', ['a + b', { a: 1 }, { b: 2 }])).toBe(3);
});

test('globals, locals, vars and dir see __main__', async () => {
  await py.exec('seen = True');
  await py.exec('class Point:\n    pass\npoint = Point()\npoint.x = 1');
  expect(await py.call('builtins:dir')).toContain('seen');
  expect(await py.call('builtins:dir', [1])).toContain('real');
  await py.exec('import builtins');
  for (const name of ['globals', 'locals', 'vars']) {
    await expect(py.call(`builtins:${name}`)).rejects.toMatchObject({ code: 'ERR_NOT_SHAREABLE' });
  }
});

test('what they raise is Python’s', async () => {
  await expect(py.call('builtins:eval', ['1 +'])).rejects.toMatchObject({
    pythonType: 'SyntaxError',
  });
  await expect(py.call('builtins:exec')).rejects.toMatchObject({ pythonType: 'TypeError' });
  await expect(py.call('builtins:exec', ['raise ValueError("no")'])).rejects.toMatchObject({
    pythonType: 'ValueError',
  });
});
