// What follows a task: progress, AsyncLocalStorage, traces, figures.

import { AsyncLocalStorage } from 'node:async_hooks';
import { channel, tracingChannel } from 'node:diagnostics_channel';
import type { Progress, Replacement, TaskTrace } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { rejection, testPool } from './pools.js';

describe('progress', () => {
  test.each(['work', 'work_async'])(
    'of %s reaches its listener, the last one always',
    async (name) => {
      await using pool = testPool({ size: 1 });
      const seen: Progress[] = [];
      const onProgress = (progress: Progress): void => void seen.push(progress);
      expect(await pool.run<number>(`pool_tasks:${name}`, [500], { onProgress })).toBe(500);
      expect(seen[0]).toMatchObject({ done: 1, total: 500 });
      expect(seen.at(-1)).toMatchObject({ done: 500, total: 500 });
      // Not one message for each step.
      expect(seen.length).toBeLessThan(400);
    },
  );

  test('is nobody’s if nobody listens', async () => {
    await using pool = testPool({ size: 1 });
    expect(await pool.run<number>('pool_tasks:work', [3])).toBe(3);
  });

  test('keyword arguments and failures pass', async () => {
    await using pool = testPool({ size: 1 });
    const onProgress = (): void => {};
    expect(await pool.run('pool_tasks:add', [1], { kwargs: { b: 2 }, onProgress })).toBe(3);
    expect(await rejection(pool.run('pool_tasks:fail', ['no'], { onProgress }))).toMatchObject({
      pythonType: 'ValueError',
    });
  });
});

describe('the asynchronous context', () => {
  test('follows a task, its progress and its functions', async () => {
    await using pool = testPool({ size: 1 });
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const one = (id: string): Promise<void> =>
      storage.run(id, async () => {
        await pool.run('pool_tasks:work', [1], { onProgress: () => seen.push(storage.getStore()) });
        await pool.run('pool_tasks:call_back', [
          (n: number) => seen.push(storage.getStore()) + n,
          1,
        ]);
        seen.push(storage.getStore());
      });
    await Promise.all([one('a'), one('b')]);
    expect(seen.toSorted()).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
  });
});

describe('diagnostics channels', () => {
  test('tell of tasks and of replacements', async () => {
    const events: string[] = [];
    const traces = new Set<TaskTrace>();
    const note = (name: string) => (message: unknown) => {
      events.push(name);
      traces.add(message as TaskTrace);
    };
    const subscribers = {
      start: note('start'),
      end: note('end'),
      asyncStart: note('asyncStart'),
      asyncEnd: note('asyncEnd'),
      error: note('error'),
    };
    const tasks = tracingChannel<string, TaskTrace>('multicore:pool:task');
    const replacements: Replacement[] = [];
    const onReplace = (message: unknown): void => void replacements.push(message as Replacement);
    tasks.subscribe(subscribers);
    channel('multicore:pool:replace').subscribe(onReplace);
    try {
      await using pool = testPool({ size: 1, name: 'traced' });
      await pool.run('pool_tasks:add', [1]);
      expect(events).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
      expect([...traces]).toMatchObject([
        { pool: 'traced', path: 'pool_tasks:add', interpreter: 'traced-1' },
      ]);
      await rejection(pool.run('pool_tasks:fail', ['no']));
      expect(events).toContain('error');
      await rejection(pool.run('pool_tasks:endless', [], { timeout: 10 }));
      await expect.poll(() => replacements).toMatchObject([{ pool: 'traced', reason: 'stopped' }]);
    } finally {
      tasks.unsubscribe(subscribers);
      channel('multicore:pool:replace').unsubscribe(onReplace);
    }
  });
});

test('stats count, time and measure', async () => {
  await using pool = testPool({ size: 1 });
  await Promise.all([pool.run('pool_tasks:spin', [3]), pool.run('pool_tasks:spin', [3])]);
  await rejection(pool.run('pool_tasks:fail', ['no']));
  const stats = pool.stats();
  expect(stats).toMatchObject({ completed: 2, failed: 1, running: 0, waiting: 0, replaced: 0 });
  expect(stats.runTime.count).toBe(3);
  expect(stats.waitTime.count).toBe(3);
  expect(stats.runTime.max).toBeGreaterThanOrEqual(3);
  expect(stats.runTime.p99).toBeGreaterThanOrEqual(stats.runTime.p50);
  expect(stats.runTime.histogram.percentile(50)).toBeGreaterThan(0);
  expect(stats.utilization).toBeGreaterThan(0);
  expect(stats.utilization).toBeLessThanOrEqual(1);
});
