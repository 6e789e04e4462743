import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interpreter, type Replacement } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { rejection, testPool } from './pools.js';

describe('an interpreter is replaced', () => {
  test('when its task was aborted; others do not notice', async () => {
    const replaced: Replacement[] = [];
    await using pool = testPool({ size: 1, onReplace: (one) => replaced.push(one) });
    const controller = new AbortController();
    const { signal } = controller;
    let stopped: Promise<unknown> | undefined;
    // One that has not begun, and only was given to an interpreter, is taken back: that costs nothing.
    await new Promise<void>((begun) => {
      stopped = rejection(pool.run('pool_tasks:endless_after', [begun], { signal }));
    });
    const after = pool.run<number>('pool_tasks:add', [1]);
    controller.abort(new Error('enough'));
    expect(await stopped).toMatchObject({ message: 'enough' });
    expect(await after).toBe(1);
    expect(replaced).toMatchObject([{ reason: 'stopped', suspects: ['pool_tasks:endless_after'] }]);
    expect(pool.stats()).toMatchObject({ replaced: 1, abandoned: 0 });
  });

  test('when its task timed out', async () => {
    await using pool = testPool({ size: 1 });
    expect(await rejection(pool.run('pool_tasks:endless', [], { timeout: 20 }))).toMatchObject({
      code: 'ERR_TIMEOUT',
      timeout: 20,
    });
    expect(await pool.run<number>('pool_tasks:count')).toBe(1);
  });

  test('when its task cannot be stopped: that costs the interpreter, not the pool', async () => {
    const pool = testPool({ size: 1 });
    // Importing can be stopped: that must be over.
    await pool.run('pool_tasks:count');
    expect(await rejection(pool.run('pool_tasks:stubborn', [], { timeout: 20 }))).toMatchObject({
      code: 'ERR_TIMEOUT',
    });
    expect(await pool.run<number>('pool_tasks:add', [1, 1])).toBe(2);
    const { abandoned } = await pool.close();
    expect(abandoned).toHaveLength(1);
  });

  test('when a task left a thread behind', async () => {
    const replaced: Replacement[] = [];
    await using pool = testPool({ size: 1, onReplace: (one) => replaced.push(one) });
    await pool.run('pool_tasks:leak_thread');
    await expect
      .poll(() => replaced)
      .toMatchObject([{ reason: 'threads', suspects: ['pool_tasks:leak_thread'], tasks: 1 }]);
    expect(await pool.run<number>('pool_tasks:count')).toBe(1);
  });

  test('not for threads that ended', async () => {
    await using pool = testPool({ size: 1 });
    expect(await pool.run<number>('pool_tasks:use_threads', [10])).toBe(45);
    await pool.run('pool_tasks:spin', [5]);
    await pool.run('pool_tasks:spin', [5]);
    expect(pool.stats().replaced).toBe(0);
  });

  test('when it grew too large', async () => {
    const replaced: Replacement[] = [];
    await using pool = testPool({
      size: 1,
      recycle: { memory: 8 * 2 ** 20 },
      onReplace: (one) => replaced.push(one),
    });
    await pool.run('pool_tasks:add', [1]);
    await pool.run('pool_tasks:grow', [64 * 2 ** 20]);
    await expect.poll(() => replaced).toMatchObject([{ reason: 'memory' }]);
    expect(await pool.run<number>('pool_tasks:grow', [1])).toBe(1);
  });

  test('when it grew too large, also if it never has a moment to itself', async () => {
    await using pool = testPool({ size: 1, recycle: { memory: 4 * 2 ** 20 } });
    const tasks = Array.from({ length: 2000 }, () => pool.run<number>('pool_tasks:grow', [65536]));
    const hoards = await Promise.all(tasks);
    expect(Math.max(...hoards)).toBeLessThan(2000);
    expect(pool.stats()).toMatchObject({ completed: 2000, failed: 0, abandoned: 0 });
    expect(pool.stats().replaced).toBeGreaterThan(0);
  });

  test('after each task, if that is wanted', async () => {
    await using pool = testPool({ size: 2, recycle: { tasks: 1 } });
    const counts = await Promise.all(
      Array.from({ length: 6 }, () => pool.run<number>('pool_tasks:count')),
    );
    expect(counts).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('when somebody closed it', async () => {
    const replaced: Replacement[] = [];
    const onReplace = (one: Replacement): void => void replaced.push(one);
    await using pool = testPool({ size: 1, name: 'fragile', onReplace });
    await pool.run('pool_tasks:count');
    await Interpreter.get('fragile-1')?.close();
    // Whether a task or the pool's own look at it finds out first.
    await rejection(pool.run('pool_tasks:count'));
    expect(await pool.run('pool_tasks:add', [1])).toBe(1);
    expect(replaced).toMatchObject([{ reason: 'closed', interpreter: 'fragile-1' }]);
  });
});

describe('between tasks', () => {
  test('__main__ is cleaned, modules stay', async () => {
    await using pool = testPool({ size: 1 });
    expect(await pool.run('pool_tasks:litter')).toBe(false);
    expect(await pool.run('pool_tasks:litter')).toBe(false);
    await pool.run('builtins:exec', ['left = 1']);
    expect(await rejection(pool.run('builtins:eval', ['left']))).toMatchObject({
      pythonType: 'NameError',
    });
    expect(await pool.run('pool_tasks:count')).toBe(1);
    expect(await pool.run('pool_tasks:count')).toBe(2);
  });

  test('what the initializer put into __main__ stays', async () => {
    await using pool = testPool({
      size: 1,
      initializer: 'builtins:exec',
      initializerArgs: ['kept = 7'],
    });
    expect(await pool.run('builtins:eval', ['kept'])).toBe(7);
    await pool.run('builtins:exec', ['kept = 8']);
    expect(await pool.run('builtins:eval', ['kept'])).toBe(7);
  });
});

describe('uneven tasks', () => {
  test('short ones do not wait behind a long one that was taken for short', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'multicore-pool-'));
    try {
      await using pool = testPool({ size: 2 });
      const [ready, gate] = [join(folder, 'ready'), join(folder, 'gate')];
      await writeFile(ready, '');
      // Teaches the pool that `wait_for` is short, so that it gives several ahead.
      for (let n = 0; n < 50; n += 1) await pool.run('pool_tasks:wait_for', [ready]);
      const long = pool.run('pool_tasks:wait_for', [gate]);
      const short = Array.from({ length: 40 }, () => pool.run('pool_tasks:wait_for', [ready]));
      // All of them end although the long one does not: those given ahead were taken back.
      await Promise.all(short);
      await writeFile(gate, '');
      expect(await long).toBe(true);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('nothing runs twice', async () => {
    await using pool = testPool({ size: 2, recycle: { tasks: 100_000 } });
    const times = Array.from({ length: 300 }, (_, n) => (n % 29 === 0 ? 8 : 0.05));
    await Promise.all(times.map((ms) => pool.run('pool_tasks:spin', [ms])));
    await Promise.all(times.map(() => pool.run<number>('pool_tasks:count')));
    const counts = await pool.each<number>('pool_tasks:count');
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300 + 2);
  });
});
