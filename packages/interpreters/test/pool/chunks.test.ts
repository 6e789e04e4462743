// `map` finds by itself how many items are one task: what must not be seen of that from outside.

import { describe, expect, test } from 'vitest';
import { MapReader, type MapResults } from '../../src/pool/map-reader.js';
import { rejection, testPool } from './pools.js';

const upTo = (n: number): number[] => [...Array(n).keys()];
const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe('chunks that nobody asked for', () => {
  test('results in order, counted one by one', async () => {
    await using pool = testPool();
    const results = await collect(pool.map<number, number>('pool_tasks:add', upTo(20_000)));
    expect(results).toEqual(upTo(20_000));
    expect(pool.stats()).toMatchObject({ completed: 20_000, failed: 0 });
    expect(pool.stats().runTime.count).toBe(20_000);
  });

  test.each([
    ['raises', 'pool_tasks:fail_at', 900, { code: 'ERR_PYTHON' }],
    ['exits', 'pool_tasks:exit_at', 900, { pythonType: 'SystemExit' }],
    ['has no shareable result', 'pool_tasks:lock_at', 900, { code: 'ERR_NOT_SHAREABLE' }],
    ['cannot cross', 'pool_tasks:add', Symbol('no'), { code: 'ERR_NOT_SHAREABLE' }],
  ])('one that %s comes after all before it', async (_, path, bad, wanted) => {
    await using pool = testPool();
    const kwargs = path === 'pool_tasks:add' ? {} : { bad: 900 };
    await collect(pool.map(path, upTo(800), { kwargs }));
    const seen: unknown[] = [];
    const run = async (): Promise<void> => {
      const input = [...upTo(800), bad, 1, 2];
      for await (const one of pool.map(path, input, { kwargs })) seen.push(one);
    };
    expect(await rejection(run())).toMatchObject(wanted);
    expect(seen).toHaveLength(800);
  });

  test('each call finds __main__ clean', async () => {
    await using pool = testPool();
    const results = await collect(pool.map<number, boolean>('pool_tasks:litter_of', upTo(2000)));
    expect(new Set(results)).toEqual(new Set([false]));
  });

  test('a function that returns a coroutine now and then', async () => {
    await using pool = testPool({ size: 1 });
    expect(await collect(pool.map<number, number>('pool_tasks:maybe_later', upTo(3000)))).toEqual(
      upTo(3000),
    );
  });

  test('a few long ones among very many short ones do not keep those behind them', async () => {
    await using pool = testPool();
    const times = upTo(1000).map((n) => (n % 250 === 249 ? 30 : 0));
    expect(await collect(pool.map<number, number>('pool_tasks:spin', times))).toEqual(times);
    const seen = await collect(pool.imapUnordered<number, number>('pool_tasks:spin', times));
    expect(seen.toSorted()).toEqual(times.toSorted());
  });

  test('a timeout is for each item', async () => {
    await using pool = testPool();
    await collect(pool.map('pool_tasks:spin', Array(500).fill(0)));
    const seen: unknown[] = [];
    const run = async (): Promise<void> => {
      const times = [...Array(300).fill(1), 60_000, 1];
      for await (const one of pool.map('pool_tasks:spin', times, { timeout: 250 })) seen.push(one);
    };
    expect(await rejection(run())).toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(seen).toHaveLength(300);
  });

  test('no more items are under way or untaken than was said', async () => {
    await using pool = testPool();
    for (const concurrency of [1, 3, 8, 100]) {
      let [given, taken, most] = [0, 0, 0];
      function* input(): Generator<number> {
        for (; given < 3000; given += 1) yield given;
      }
      for await (const _ of pool.map('pool_tasks:add', input(), { concurrency })) {
        most = Math.max(most, given - taken);
        taken += 1;
      }
      expect(taken).toBe(3000);
      expect(most).toBeLessThanOrEqual(concurrency + 1);
    }
  });

  test('what has come is not kept for what has not', async () => {
    await using pool = testPool();
    await collect(pool.map('pool_tasks:add', upTo(3000)));
    let goOn: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    async function* input(): AsyncGenerator<number> {
      yield* upTo(10);
      await gate;
      yield 10;
    }
    const results = pool.map<number, number>('pool_tasks:add', input());
    for (const n of upTo(10)) expect(await results.next()).toEqual({ done: false, value: n });
    goOn();
    expect(await collect(results)).toEqual([10]);
  });

  test('leaving the loop early costs no interpreter if the tasks are short', async () => {
    await using pool = testPool();
    await collect(pool.map('pool_tasks:add', upTo(3000)));
    for (let round = 0; round < 5; round += 1) {
      for await (const _ of pool.map('pool_tasks:add', upTo(100_000))) break;
    }
    await pool.drain();
    expect(pool.stats().replaced).toBe(0);
  });

  test('leaving the loop while its tasks wait for room', async () => {
    await using pool = testPool({ size: 1, queueLimit: 1 });
    for await (const _ of pool.map('pool_tasks:spin', Array(50).fill(1))) break;
    await pool.drain();
    expect(await pool.run('pool_tasks:add', [1])).toBe(1);
    const both = [pool.run('pool_tasks:spin', [5]), pool.run('pool_tasks:spin', [5])];
    expect(await rejection(pool.run('pool_tasks:add', [1]))).toMatchObject({
      code: 'ERR_POOL_FULL',
    });
    await Promise.all(both);
  });

  test('several who ask at once are answered in turn', async () => {
    await using pool = testPool();
    const results = pool.map<number, number>('pool_tasks:add', upTo(4));
    const asked = await Promise.all(upTo(6).map(() => results.next()));
    expect(asked.map(({ value }) => value)).toEqual([0, 1, 2, 3, undefined, undefined]);
    expect(await results.return()).toEqual({ done: true, value: undefined });
    expect(await rejection(results.throw(new Error('mine')))).toMatchObject({ message: 'mine' });
  });

  test('who waits for a result is answered when somebody else leaves', async () => {
    await using pool = testPool({ size: 1 });
    const results = pool.map('pool_tasks:endless_of', [1]);
    const waiting = results.next();
    await pool.each('pool_tasks:add', [1], { signal: AbortSignal.timeout(1) }).catch(() => {});
    await results.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });
});

describe('the reader', () => {
  test('begins what a task did not get to again, in its place', async () => {
    const sizes: number[] = [];
    let wanted = 8;
    const reader = new MapReader<number, number>(
      upTo(20),
      {
        next: () => wanted,
        start: (items) => {
          sizes.push(items.length);
          wanted = 2;
          const half = Math.ceil(items.length / 2);
          const values = items.slice(0, half);
          const results = { values, failure: undefined, rest: items.slice(half) };
          return { results: Promise.resolve(results), cancel: () => {} };
        },
      },
      { room: 8, weigh: (items) => items, isHasty: true, ordered: true },
    );
    const seen: number[] = [];
    let results: MapResults<number, number> | undefined;
    for (results = await reader.next(); results !== undefined; results = await reader.next()) {
      seen.push(...results.values);
      reader.taken();
    }
    expect(seen).toEqual(upTo(20));
    expect(sizes[0]).toBe(8);
  });
});
