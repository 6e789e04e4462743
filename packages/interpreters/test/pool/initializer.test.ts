// Initializers that go wrong: tasks are told, the pool closes, the process lives.

import { InterpreterPool, python } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { rejection } from './pools.js';

const pools = (initializer: ReturnType<typeof python>): InterpreterPool =>
  new InterpreterPool({ size: 2, initializer });

describe('an initializer', () => {
  test.each([
    ['that raises', python`1 / 0`, 'ZeroDivisionError'],
    ['that exits', python`raise SystemExit(3)`, 'SystemExit'],
    ['that would end the process', python`__import__("os")._exit(3)`, 'RuntimeError'],
    ['that would abort it', python`__import__("os").abort()`, 'RuntimeError'],
    ['that is no Python', python`1 +`, 'SyntaxError'],
  ])('%s fails every task that waits', async (_name, initializer, pythonType) => {
    await using pool = pools(initializer);
    const tasks = [pool.run('builtins:abs', [1]), pool.run('builtins:abs', [1])];
    expect(await Promise.all(tasks.map(rejection))).toMatchObject([{ pythonType }, { pythonType }]);
    expect(await rejection(pool.each('builtins:abs', [1]))).toMatchObject({ pythonType });
    await pool.drain();
    expect(pool.stats()).toMatchObject({ interpreters: 0, waiting: 0, failed: 4 });
  });

  const endless = python`
    while True:
        pass
  `;

  test('that hangs: tasks can be aborted, and the pool closed', async () => {
    const pool = pools(endless);
    const controller = new AbortController();
    const aborted = rejection(pool.run('builtins:abs', [1], { signal: controller.signal }));
    const left = rejection(pool.run('builtins:abs', [2]));
    controller.abort(new Error('enough'));
    expect(await aborted).toMatchObject({ message: 'enough' });
    expect(pool.stats()).toMatchObject({ starting: 2, waiting: 1 });
    await pool.close({ timeout: 10 });
    expect(await left).toMatchObject({ code: 'ERR_INTERPRETER_CLOSED' });
  });

  test('that takes longer than it has fails what waits, and every later start', async () => {
    await using pool = new InterpreterPool({
      size: 1,
      initializer: endless,
      initializerTimeout: 50,
      name: 'late',
    });
    for (let time = 0; time < 2; time++) {
      const error = await rejection(pool.run('builtins:abs', [1]));
      expect(error).toMatchObject({ code: 'ERR_TIMEOUT' });
      expect((error as Error).message).toContain('"late"');
      expect((error as Error).message).toContain('initializerTimeout');
    }
    expect(pool.stats()).toMatchObject({ interpreters: 0, starting: 0, waiting: 0, failed: 2 });
  });

  test('that takes longer than it has in a call into C costs its interpreter', async () => {
    const pool = new InterpreterPool({
      size: 1,
      initializer: python`sum(range(10**12))`,
      initializerTimeout: 50,
    });
    expect(await rejection(pool.run('builtins:abs', [1]))).toMatchObject({ code: 'ERR_TIMEOUT' });
    // Nobody is asked for a timeout, and the pool closes all the same.
    const { abandoned } = await pool.close();
    expect(abandoned.length).toBeLessThanOrEqual(1);
  });

  test('that needs all of its time has it', async () => {
    const options = { size: 1, initializer: python`import time; time.sleep(0.05)` };
    for (const initializerTimeout of [60_000, Number.POSITIVE_INFINITY, undefined]) {
      await using pool = new InterpreterPool({ ...options, initializerTimeout });
      expect(await pool.run('builtins:abs', [-1])).toBe(1);
    }
    for (const initializerTimeout of [-1, Number.NaN, '5' as never])
      expect(() => new InterpreterPool({ ...options, initializerTimeout })).toThrow(
        /initializerTimeout is .*; give milliseconds, 0 or more/,
      );
  });

  test('that hangs in a call into C', async () => {
    const pool = pools(python`sum(range(10**12))`);
    const left = rejection(pool.run('builtins:abs', [2]));
    await expect.poll(() => pool.stats().starting).toBe(1);
    // It may have got to the call, or not yet: then it ended.
    const { abandoned } = await pool.close({ timeout: 50 });
    expect(abandoned.length).toBeLessThanOrEqual(1);
    expect(await left).toMatchObject({ code: 'ERR_INTERPRETER_CLOSED' });
  });

  test('that hangs when no task waits any more does not hold up close', async () => {
    const pool = pools(endless);
    const controller = new AbortController();
    const aborted = rejection(pool.run('builtins:abs', [1], { signal: controller.signal }));
    controller.abort();
    await aborted;
    await pool.close();
    expect(pool.stats()).toMatchObject({ interpreters: 0, starting: 0 });
  });
});
