// What a PythonError shows is, to the letter, what Python prints: for places that are seen for the
// first time, and for those that are remembered.

import { fileURLToPath } from 'node:url';
import { Interpreter, PythonError } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create({ path: [fileURLToPath(new URL('.', import.meta.url))] });
});
afterAll(async () => {
  await py.close();
});

async function raised(name: string): Promise<PythonError> {
  const error = await py.call(`raising:${name}`).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  await py.call('raising:unlimit');
  expect(error).toBeInstanceOf(PythonError);
  return error as PythonError;
}

/** What can be compared: JavaScript keeps halves of surrogate pairs; how deep Python gets depends on the caller. */
const printable = (name: string, text: string): string =>
  name === 'too_deep'
    ? text.replace(/repeated \d+ more/, 'repeated … more')
    : text.replaceAll(/\p{Surrogate}/gu, '\ufffd');

test('every way to raise prints as Python prints it', async () => {
  const names = await py.evaluate<string[]>("__import__('raising').CASES");
  expect(names.length).toBeGreaterThan(50);
  for (const name of names) {
    const first = await raised(name);
    const second = await raised(name);
    const bytes = await py.call<Uint8Array>('raising:expected', [name]);
    const expected = printable(name, new TextDecoder('utf-8').decode(bytes));
    const shown = printable(name, first.traceback);
    // Each byte of half a pair is a U+FFFD of its own for TextDecoder.
    expect(shown.replaceAll('\ufffd', '\ufffd\ufffd\ufffd'), name).toBe(expected);
    expect(second.traceback, `${name}, the second time`).toBe(first.traceback);
    expect(second.frames, name).toEqual(first.frames);
    expect(second.stack?.split('\n    at ')[0], name).toBe(first.stack?.split('\n    at ')[0]);
  }
});

test('where Python cannot print a traceback, type and message are told', async () => {
  expect(await raised('no_lines')).toMatchObject({ pythonType: 'ValueError', traceback: '' });
});

describe('code given as text', () => {
  test('shows its own lines, also when other code had the same file name before', async () => {
    const fails = (line: string): Promise<string> =>
      py.exec(line, { filename: 'same.py' }).then(
        () => '',
        (error: PythonError) => error.traceback,
      );
    expect(await fails('x = 1 / 0')).toContain('    x = 1 / 0\n        ~~^~~\n');
    expect(await fails('yy = [][3]')).toContain('    yy = [][3]\n         ~~^^^\n');
    expect(await fails('x = 1 / 0')).toContain('    x = 1 / 0\n        ~~^~~\n');
  });

  test('is forgotten when there is too much of it, and the errors are still told', async () => {
    await py.exec('def early(): raise ValueError("early")');
    await py.exec(
      'import multicore._support as s\nfor n in range(5000): s.remember(f"<made {n}>", "x")',
    );
    expect(await py.evaluate('len(__import__("multicore._support")._support.sources)')).toBe(4096);
    const error = await py.call('early').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ pythonType: 'ValueError', pythonMessage: 'early' });
  });
});

test('everything is told also after the interpreter was closed', async () => {
  const gone = await Interpreter.create();
  const error = (await gone
    .exec('def f(n):\n    return 1 / n\n\nf(0)', { filename: 'gone.py' })
    .catch((reason: unknown) => reason)) as PythonError;
  await gone.close();
  expect(error.traceback).toContain(
    '  File "gone.py", line 2, in f\n    return 1 / n\n           ~~^~~\n',
  );
  expect(error.frames[1]).toMatchObject({ filename: 'gone.py', line: 2, source: 'return 1 / n' });
  expect(error.stack).toContain('    at f (gone.py:2:12)');
  expect(error.stack).toContain('tracebacks.test.ts');
});

test('the stack can be read at any time, and set', () => {
  const caught = (): PythonError => {
    try {
      py.evaluateSync('1 / 0');
    } catch (error) {
      return error as PythonError;
    }
    throw new Error('it should have failed');
  };
  const error = caught();
  const other = new Error('captured in between');
  expect(error.stack).toMatch(/^PythonError: ZeroDivisionError: .*\n {4}at <module> \(<python/);
  expect(error.stack).toContain('at caught');
  expect(error.stack).toBe(error.stack);
  expect(other.stack).toContain('captured in between');
  error.stack = 'mine';
  expect(error.stack).toBe('mine');
  expect(Object.keys(caught())).toEqual(['code', 'pythonType', 'interpreter']);
});
