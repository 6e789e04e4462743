// AsyncLocalStorage and traces: whichever way a task is submitted.

import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import type { InterpreterPool, TaskTrace } from '@multicore-python/interpreters';
import { python } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { rejection, testPool } from './pools.js';

const storage = new AsyncLocalStorage<string>();

/** Calls `tell`, a function of JavaScript's, for each of ten items, and gives them back. */
const TOLD = python`
  def told(n, tell):
      tell(n)
      return n
`;

type Way = (pool: InterpreterPool, tell: (n: number) => void) => Promise<unknown>;

const WAYS: readonly (readonly [name: string, way: Way])[] = [
  ['run', (pool, tell) => pool.run(TOLD, [1], { kwargs: { tell } })],
  ['function', (pool, tell) => pool.function(TOLD)(1, tell)],
  ['each', (pool, tell) => pool.each(TOLD, [1, tell])],
  [
    'map',
    async (pool, tell) => {
      for await (const n of pool.map(TOLD, [1, 2, 3, 4], { kwargs: { tell } })) tell(n as number);
    },
  ],
  [
    'imapUnordered',
    async (pool, tell) => {
      for await (const n of pool.imapUnordered(TOLD, [1, 2, 3, 4], { kwargs: { tell } }))
        tell(n as number);
    },
  ],
  [
    'take',
    async (pool, tell) => {
      await using lease = await pool.take();
      tell(0);
      await lease.interpreter.evaluate(python`1 + 1`);
      tell(1);
    },
  ],
];

describe('the asynchronous context', () => {
  test.each(WAYS)('follows %s', async (_name, way) => {
    await using pool = testPool({ size: 2 });
    const seen = new Map<string, Set<string | undefined>>();
    const one = (id: string): Promise<void> =>
      storage.run(id, async () => {
        const stores = new Set<string | undefined>();
        seen.set(id, stores);
        await way(pool, () => stores.add(storage.getStore()));
        stores.add(storage.getStore());
      });
    // Side by side, so that one's results bring about the other's tasks.
    await Promise.all(['a', 'b', 'c'].map(one));
    expect(storage.getStore()).toBeUndefined();
    expect(seen).toEqual(new Map(['a', 'b', 'c'].map((id) => [id, new Set([id])])));
  });

  test('follows the progress of each', async () => {
    await using pool = testPool({ size: 2 });
    const seen: unknown[] = [];
    await storage.run('mine', () =>
      pool.each('pool_tasks:work', [1], { onProgress: () => seen.push(storage.getStore()) }),
    );
    expect(seen).toEqual(['mine', 'mine']);
  });
});

describe('traces', () => {
  const events = async (work: () => Promise<unknown>): Promise<string[]> => {
    const seen: string[] = [];
    const note = (name: string) => (message: unknown) =>
      void seen.push(`${name} ${(message as TaskTrace).path}`);
    const subscribers = {
      start: note('start'),
      end: note('end'),
      asyncStart: note('asyncStart'),
      asyncEnd: note('asyncEnd'),
      error: note('error'),
    };
    const tasks = tracingChannel<string, TaskTrace>('multicore:pool:task');
    tasks.subscribe(subscribers);
    try {
      await work();
      // The channel is told right after who waits for the task.
      await new Promise(setImmediate);
    } finally {
      tasks.unsubscribe(subscribers);
    }
    return seen;
  };
  const whole = (path: string): string[] =>
    ['start', 'end', 'asyncStart', 'asyncEnd'].map((name) => `${name} ${path}`);

  test('of each: one for every interpreter', async () => {
    await using pool = testPool({ size: 2 });
    const seen = await events(() => pool.each('pool_tasks:add', [1]));
    expect(seen.toSorted()).toEqual(
      [...whole('pool_tasks:add'), ...whole('pool_tasks:add')].toSorted(),
    );
    const failed = await events(() => rejection(pool.each('pool_tasks:fail', ['no'])));
    expect(failed).toContain('error pool_tasks:fail');
  });

  test('of map: one for every item', async () => {
    await using pool = testPool({ size: 1 });
    const seen = await events(async () => {
      for await (const _ of pool.map('pool_tasks:add', [1, 2, 3]));
    });
    expect(seen.filter((event) => event === 'start pool_tasks:add')).toHaveLength(3);
    expect(seen.filter((event) => event === 'asyncEnd pool_tasks:add')).toHaveLength(3);
  });

  test('of a source, by its first line', async () => {
    await using pool = testPool({ size: 1 });
    const seen = await events(() => pool.run(python`${1} + ${2}`));
    expect(seen[0]).toMatch(/^start python`_js\d+_0 \+ _js\d+_1`$/);
  });
});
