// How a pool starts, grows, shrinks, lends and closes.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { InterpreterPool, type PoolOptions } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { PYTHON, rejection, testPool } from './pools.js';

describe('size', () => {
  test('grows to max and shrinks to min', async () => {
    await using pool = new InterpreterPool({ min: 1, max: 3, idleTimeout: 30, path: [PYTHON] });
    await Promise.all(Array.from({ length: 3 }, () => pool.run('pool_tasks:spin', [50])));
    expect(pool.stats().interpreters).toBeLessThanOrEqual(3);
    await expect.poll(() => pool.stats().interpreters).toBe(1);
    expect(await pool.run<number>('pool_tasks:add', [1])).toBe(1);
    expect(pool.stats().replaced).toBe(0);
  });

  test.each([
    [{ size: 0 }, /size is 0/],
    [{ size: 1.5 }, /size is 1.5/],
    [{ min: 2, max: 0 }, /max is 0/],
    [{ size: 2, max: 2 }, /either size, or min and max/],
    [{ queueLimit: -1 }, /queueLimit is -1/],
    [{ whenFull: 'explode' }, /whenFull is 'explode'/],
    [{ recycle: { tasks: 0 } }, /recycle.tasks is 0/],
    [{ isolation: 'main' }, /only one main interpreter/],
  ])('%o is refused', (options, message) => {
    expect(() => new InterpreterPool(options as PoolOptions)).toThrow(message);
  });
});

test('pools of the same name, side by side', async () => {
  await using one = testPool({ name: 'twin' });
  await using other = testPool({ name: 'twin' });
  const results = await Promise.all([one, other].map((pool) => pool.each('pool_tasks:add', [1])));
  expect(results).toEqual([
    [1, 1],
    [1, 1],
  ]);
});

describe('each', () => {
  test('gives the result of every interpreter, also behind running tasks', async () => {
    await using pool = testPool({ size: 2 });
    const running = [pool.run('pool_tasks:spin', [20]), pool.run('pool_tasks:spin', [20])];
    expect(await pool.each<number>('pool_tasks:count')).toEqual([1, 1]);
    expect(await pool.each<number>('pool_tasks:count')).toEqual([2, 2]);
    await Promise.all(running);
  });

  test('outlives an interpreter that is replaced meanwhile', async () => {
    await using pool = testPool({ size: 1 });
    const controller = new AbortController();
    const { signal } = controller;
    const stopped = rejection(pool.run('pool_tasks:endless', [], { signal }));
    await expect.poll(() => pool.stats().running).toBe(1);
    const all = [pool.each('pool_tasks:count'), pool.each('pool_tasks:add', [5])];
    controller.abort();
    expect(await Promise.all(all)).toEqual([[1], [5]]);
    await stopped;
  });
});

describe('taking an interpreter', () => {
  test('gives it to one user until it comes back', async () => {
    await using pool = testPool({ size: 1 });
    let waiting: Promise<unknown>;
    {
      await using lease = await pool.take();
      const { interpreter } = lease;
      waiting = pool.run('builtins:eval', ['"total" in globals()']);
      await interpreter.exec('total = 1');
      await interpreter.exec('total += 1');
      expect(await interpreter.evaluate('total')).toBe(2);
      await interpreter.exec('def double(n): return 2 * n');
      expect(await interpreter.call('double', [4])).toBe(8);
      expect(await interpreter.call('double', [5])).toBe(10);
      expect(pool.stats()).toMatchObject({ running: 1, waiting: 1 });
    }
    expect(await waiting).toBe(false);
  });
});

describe('closing', () => {
  test('lets what waits end, and refuses what comes', async () => {
    const pool = testPool({ size: 1 });
    const tasks = Array.from({ length: 5 }, (_, n) => pool.run<number>('pool_tasks:add', [n]));
    const closing = pool.close();
    expect(pool.close()).toBe(closing);
    expect(await rejection(pool.run('pool_tasks:add', [1]))).toMatchObject({
      code: 'ERR_INTERPRETER_CLOSED',
    });
    expect(await closing).toEqual({ abandoned: [] });
    expect(await Promise.all(tasks)).toEqual([0, 1, 2, 3, 4]);
    expect(await rejection(pool.each('pool_tasks:count'))).toMatchObject({
      code: 'ERR_INTERPRETER_CLOSED',
    });
  });

  test('can be hurried', async () => {
    const pool = testPool({ size: 1 });
    const tasks = [pool.run('pool_tasks:endless'), pool.run('pool_tasks:add', [1])].map(rejection);
    await expect.poll(() => pool.stats().running).toBe(1);
    const closing = pool.close();
    await pool.close({ timeout: 0 });
    await closing;
    expect(await Promise.all(tasks)).toMatchObject([
      { code: 'ERR_INTERPRETER_CLOSED' },
      { code: 'ERR_INTERPRETER_CLOSED' },
    ]);
  });

  test('a pool that was never used closes', async () => {
    expect(await testPool().close()).toEqual({ abandoned: [] });
  });
});

describe('the process', () => {
  const entry = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
  const run = (program: string) =>
    promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { InterpreterPool } from ${JSON.stringify(entry)};
       const pool = new InterpreterPool({ size: 2, path: [${JSON.stringify(PYTHON)}] });
       ${program}`,
    ]);

  test('ends although a pool is idle', async () => {
    const { stdout } = await run(`console.log(await pool.run('pool_tasks:add', [1]));`);
    expect(stdout).toBe('1\n');
  });

  test('waits for tasks that run or wait', async () => {
    const { stdout } = await run(
      `for (const n of [1, 2, 3, 4, 5]) pool.run('pool_tasks:spin', [n]).then(() => console.log('done'));`,
    );
    expect(stdout).toBe('done\n'.repeat(5));
  });

  test('can be left in the middle of a task', async () => {
    const left = run(
      `pool.run('pool_tasks:endless'); await pool.run('pool_tasks:add', [1]); process.exit(3);`,
    );
    await expect(left).rejects.toMatchObject({ code: 3 });
  });
});
