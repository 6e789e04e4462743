import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rejection, testPool } from './pools.js';

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
const upTo = (n: number): number[] => [...Array(n).keys()];

describe('map', () => {
  test('in chunks, in order', async () => {
    await using pool = testPool();
    const results = pool.map<number, number>('pool_tasks:add', upTo(103), {
      chunkSize: 10,
      kwargs: { b: 1 },
    });
    expect(await collect(results)).toEqual(upTo(103).map((n) => n + 1));
  });

  test('in chunks, of coroutines', async () => {
    await using pool = testPool();
    const results = pool.map<number, number>('pool_tasks:double', upTo(25), { chunkSize: 10 });
    expect(await collect(results)).toEqual(upTo(25).map((n) => n * 2));
  });

  test('a failure comes after the results before it, also inside a chunk', async () => {
    for (const chunkSize of [1, 4]) {
      await using pool = testPool();
      const seen: number[] = [];
      const run = async (): Promise<void> => {
        const results = pool.map<number, number>('pool_tasks:fail_at', upTo(50), {
          chunkSize,
          kwargs: { bad: 6 },
        });
        for await (const one of results) seen.push(one);
      };
      expect(await rejection(run())).toMatchObject({
        message: expect.stringContaining('6 is bad'),
      });
      expect(seen).toEqual([0, 10, 20, 30, 40, 50]);
    }
  });

  test('unordered: a slow item holds nobody up', async () => {
    await using pool = testPool({ size: 2 });
    const gate = join(mkdtempSync(join(tmpdir(), 'pool-map-')), 'gate');
    const results: (string | null)[] = [];
    const items = [gate, null, null, null, null];
    for await (const one of pool.imapUnordered<unknown, string>('pool_tasks:wait_behind', items)) {
      results.push(one);
      // The first item ends only after all others have.
      if (results.length === 4) writeFileSync(gate, '');
    }
    expect(results).toEqual([null, null, null, null, gate]);
  });

  test('an asynchronous input that is slow does not hold results back', async () => {
    await using pool = testPool({ size: 1 });
    let goOn: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    async function* input(): AsyncGenerator<number> {
      yield 1;
      await gate;
      yield 2;
    }
    const results = pool.map<number, number>('pool_tasks:add', input());
    expect(await results.next()).toEqual({ done: false, value: 1 });
    goOn();
    expect(await results.next()).toEqual({ done: false, value: 2 });
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  test('an input that fails ends it, after its results, and is closed when the loop is left', async () => {
    await using pool = testPool({ size: 1 });
    function* failing(): Generator<number> {
      yield 1;
      throw new Error('the input broke');
    }
    const seen: number[] = [];
    const run = async (): Promise<void> => {
      for await (const one of pool.map<number, number>('pool_tasks:add', failing())) seen.push(one);
    };
    expect(await rejection(run())).toMatchObject({ message: 'the input broke' });
    expect(seen).toEqual([1]);

    let isClosed = false;
    function* endless(): Generator<number> {
      try {
        for (let n = 0; ; n += 1) yield n;
      } finally {
        isClosed = true;
      }
    }
    for await (const one of pool.map<number, number>('pool_tasks:add', endless())) {
      if (one === 5) break;
    }
    expect(isClosed).toBe(true);
    await pool.drain();
  });

  test('leaving the loop does not wait for an input that never comes', async () => {
    await using pool = testPool({ size: 1 });
    async function* never(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => {});
    }
    for await (const one of pool.map<number, number>('pool_tasks:add', never())) {
      expect(one).toBe(1);
      break;
    }
  });

  test('a typed handle maps', async () => {
    await using pool = testPool({ size: 1 });
    const add = pool.function<[a: number], number>('pool_tasks:add');
    expect(await collect(add.map(upTo(5)))).toEqual(upTo(5));
    expect(await add.with({ priority: 1, kwargs: { b: 5 } }, 1)).toBe(6);
  });

  test('a wrong option is refused with a sentence', async () => {
    await using pool = testPool({ size: 1 });
    expect(() => pool.map('pool_tasks:add', [], { chunkSize: 0 })).toThrow(/chunkSize is 0/);
  });
});
