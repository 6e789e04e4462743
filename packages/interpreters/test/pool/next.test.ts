// One task of some length is given to a busy interpreter ahead. What that must not change: who runs it when
// somebody else has time, what comes first, and what stopping means. `spin` is known to take 20 ms here.

import { setTimeout as pause } from 'node:timers/promises';
import type { InterpreterPool } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { rejection, testPool } from './pools.js';

async function teach(pool: InterpreterPool) {
  for (let i = 0; i < 3; i++) await pool.run('pool_tasks:spin', [20]);
  await pool.each('pool_tasks:spin', [20]);
  /** Runs tasks at once; gives their numbers in the order in which they ended. */
  return async (tasks: readonly { ms: number; priority?: number }[]): Promise<number[]> => {
    const ended: number[] = [];
    await Promise.all(
      tasks.map(async ({ ms, priority = 0 }, index) => {
        await pool.run('pool_tasks:spin', [ms], { priority });
        ended.push(index);
      }),
    );
    return ended;
  };
}

test('whoever is idle takes over what waits behind a longer one', async () => {
  await using pool = testPool({ size: 2 });
  const runAll = await teach(pool);
  const order = await runAll([{ ms: 800 }, { ms: 20 }, { ms: 20 }, { ms: 20 }, { ms: 20 }]);
  expect(order.at(-1)).toBe(0);
  expect(pool.stats()).toMatchObject({ waiting: 0, failed: 0, replaced: 0 });
});

test('the more urgent one comes first, the others in order', async () => {
  await using pool = testPool({ size: 1 });
  const runAll = await teach(pool);
  const tasks = [{ ms: 20 }, { ms: 20 }, { ms: 20 }, { ms: 20, priority: 1 }];
  expect(await runAll(tasks)).toEqual([0, 3, 1, 2]);
  // Also one of which nothing is known.
  const first = pool.run('pool_tasks:spin', [20]);
  const ended: string[] = [];
  const second = pool.run('pool_tasks:spin', [20]).then(() => ended.push('second'));
  const urgent = pool.run('pool_tasks:count', [], { priority: 1 });
  await Promise.all([first, second, urgent.then(() => ended.push('urgent'))]);
  expect(ended).toEqual(['urgent', 'second']);
});

describe('while one waits in a busy interpreter', () => {
  test('it counts as one that waits, and is taken out when it is aborted', async () => {
    await using pool = testPool({ size: 1 });
    await teach(pool);
    const before = pool.stats().completed;
    const long = pool.run('pool_tasks:spin', [200]);
    const stop = new AbortController();
    const next = rejection(pool.run('pool_tasks:count', [], { signal: stop.signal }));
    const other = rejection(pool.run('pool_tasks:spin', [20], { signal: stop.signal }));
    expect(pool.stats().waiting).toBe(2);
    stop.abort('not wanted');
    expect([await next, await other]).toEqual(['not wanted', 'not wanted']);
    await long;
    expect(pool.stats()).toMatchObject({ waiting: 0, completed: before + 1, replaced: 0 });
  });

  test('it runs elsewhere if the one before is stopped', async () => {
    await using pool = testPool({ size: 1 });
    await teach(pool);
    const stop = new AbortController();
    const first = rejection(pool.run('pool_tasks:spin', [60_000], { signal: stop.signal }));
    const second = pool.run('pool_tasks:spin', [20]);
    await pause(30);
    stop.abort('enough');
    expect(await first).toBe('enough');
    await second;
    expect(pool.stats().replaced).toBe(1);
  });

  test('its time does not begin before it', async () => {
    await using pool = testPool({ size: 1 });
    await teach(pool);
    const first = pool.run('pool_tasks:spin', [900]);
    const second = pool.run('pool_tasks:spin', [20], { timeout: 800 });
    await first;
    expect(await second).toBeGreaterThan(0);
  });

  test.each([undefined, 0])('closing the pool settles it, timeout %s', async (timeout) => {
    const pool = testPool();
    await teach(pool);
    const tasks = Array.from({ length: 9 }, () => rejection(pool.run('pool_tasks:spin', [20])));
    await pool.close({ timeout });
    const ended = await Promise.all(tasks);
    if (timeout === undefined) expect(new Set(ended)).toEqual(new Set(['resolved']));
    else expect(ended.at(-1)).toMatchObject({ code: 'ERR_INTERPRETER_CLOSED' });
  });
});
