// A task is taken back from an interpreter that has not got to it although the one before has ended: a
// moment that the outside cannot choose, so the native side holds it back here.

import type { Binding } from '@multicore-python/core';
import { expect, test, vi } from 'vitest';
import { rejection, testPool } from './pools.js';

const native = vi.hoisted(() => ({ isHolding: false, held: new Map<number, () => void>() }));

vi.mock('../../src/inside.js', async (original) => {
  const { inside, letInside } = await original<typeof import('../../src/inside.js')>();
  const slow = (binding: Binding): Binding =>
    Object.assign(Object.create(binding) as Binding, {
      callMany: (...args: Parameters<Binding['callMany']>): number => {
        if (!native.isHolding) return binding.callMany(...args);
        const [handle, target, calls, takesItem, job] = args;
        calls.forEach((call, at) => {
          const go = (): void => void binding.callMany(handle, target, [call], takesItem, job + at);
          native.held.set(job + at, go);
        });
        return calls.length;
      },
      withdrawJob: (job: number): boolean => native.held.delete(job) || binding.withdrawJob(job),
    });
  return {
    letInside,
    inside: (py: Parameters<typeof inside>[0]) => {
      const { binding, handle } = inside(py);
      return { binding: slow(binding), handle };
    },
  };
});

test('an interpreter whose last task is taken back has room', async () => {
  await using pool = testPool({ size: 1 });
  // Teaches the pool that `add` is short, so that it gives one ahead.
  for (let n = 0; n < 30; n += 1) await pool.run('pool_tasks:add', [n]);
  const controller = new AbortController();
  const first = pool.run('pool_tasks:add', [1]);
  native.isHolding = true;
  const { signal } = controller;
  const second = rejection(pool.run('pool_tasks:add', [2], { signal }));
  expect(await first).toBe(1);
  expect(native.held.size).toBe(1);
  controller.abort(new Error('enough'));
  expect(await second).toMatchObject({ message: 'enough' });
  native.isHolding = false;
  // Of a function that is not known to be short: given to an idle interpreter only.
  expect(await pool.run('pool_tasks:count')).toBe(1);
  expect(pool.stats()).toMatchObject({ replaced: 0, waiting: 0, running: 0 });
});

test('who comes after it has a time limit from then on', async () => {
  await using pool = testPool({ size: 1 });
  for (let n = 0; n < 30; n += 1) await pool.run('pool_tasks:wait_behind', [null]);
  const controller = new AbortController();
  const { signal } = controller;
  const first = pool.run('pool_tasks:wait_behind', [null]);
  native.isHolding = true;
  const second = rejection(pool.run('pool_tasks:wait_behind', [null], { signal }));
  const third = rejection(pool.run('pool_tasks:wait_behind', ['/no/such/file'], { timeout: 20 }));
  await first;
  controller.abort();
  await second;
  expect(pool.stats()).toMatchObject({ running: 1 });
  native.isHolding = false;
  for (const go of native.held.values()) go();
  native.held.clear();
  expect(await third).toMatchObject({ code: 'ERR_TIMEOUT' });
});
