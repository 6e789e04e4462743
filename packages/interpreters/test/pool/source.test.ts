// Sources of the `python` tag in place of a module's function.

import { AsyncLocalStorage } from 'node:async_hooks';
import { PythonError, python } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { rejection, testPool } from './pools.js';

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
const upTo = (n: number): number[] => [...Array(n).keys()];

describe('run', () => {
  test('an expression', async () => {
    await using pool = testPool({ size: 1 });
    expect(await pool.run(python`sum(${[1, 2, 3]}) * ${2}`)).toBe(12);
    expect(await pool.run(python`[n * n for n in range(${4})]`)).toEqual([0, 1, 4, 9]);
    // Values are seen inside of functions too.
    expect(await pool.run(python`(lambda: max(${[1, 5, 2]}))()`)).toBe(5);
  });

  test('statements: worth the last line if it is an expression', async () => {
    await using pool = testPool({ size: 1 });
    const values = [1, 2, 3, 4];
    const mean = python`
      import statistics
      mean = statistics.mean(${values})
      mean * 2
    `;
    expect(await pool.run<number>(mean)).toBe(5);
    expect(await pool.run(python`x = 1`)).toBe(null);
    expect(await pool.run(python``)).toBe(null);
    expect(await pool.run(python`if True: x = 1`)).toBe(null);
  });

  test('runs anew for each task, and leaves nothing behind', async () => {
    await using pool = testPool({ size: 1 });
    const source = python`
      seen = "left" in globals()
      left = True
      seen
    `;
    expect(await pool.run(source)).toBe(false);
    expect(await pool.run(source)).toBe(false);
    expect(await pool.run(python`"left" in globals()`)).toBe(false);
  });

  test('the same place with other values', async () => {
    await using pool = testPool();
    const squares = upTo(50).map((n) => pool.run<number>(python`${n} ** 2`));
    expect(await Promise.all(squares)).toEqual(upTo(50).map((n) => n ** 2));
  });

  test('what is callable is called with the arguments', async () => {
    await using pool = testPool({ size: 1 });
    expect(await pool.run(python`lambda a, b=0: a - b`, [5], { kwargs: { b: 3 } })).toBe(2);
    const add = python`
      def add(a: int) -> int:
          return a + ${10}
    `;
    expect(await pool.run(add, [5])).toBe(15);
    const refused = await rejection(pool.run(python`6 * 7`, [1]));
    expect(refused).toBeInstanceOf(PythonError);
    expect(refused).toMatchObject({
      pythonType: 'TypeError',
      message: expect.stringContaining('takes no arguments'),
    });
  });

  test('await outside of functions, and asynchronous functions', async () => {
    await using pool = testPool({ size: 1 });
    const source = python`
      import asyncio
      parts = await asyncio.gather(*(asyncio.sleep(0, n) for n in ${[1, 2, 3]}))
      sum(parts)
    `;
    expect(await pool.run(source)).toBe(6);
    expect(await pool.run(python`await __import__("asyncio").sleep(0, ${7})`)).toBe(7);
    const later = python`
      import asyncio
      await asyncio.sleep(0)
      async def later(n):
          await asyncio.sleep(0)
          return n + 1
    `;
    expect(await pool.run(later, [1])).toBe(2);
  });

  test('a failure shows the line of the source, and none of ours', async () => {
    await using pool = testPool({ size: 1 });
    const source = python`
      def divide(n):
          return n / 0  # here
    `;
    const error = (await rejection(pool.run(source, [1]))) as PythonError;
    expect(error).toMatchObject({ pythonType: 'ZeroDivisionError' });
    expect(error.traceback).toContain('return n / 0  # here');
    expect(error.traceback).not.toContain('multicore');
    expect(error.frames).toHaveLength(1);
    expect(error.frames[0]).toMatchObject({ function: 'divide', line: 2 });
    expect(await rejection(pool.run(python`1 +`))).toMatchObject({ pythonType: 'SyntaxError' });
    expect(await pool.run(python`1`)).toBe(1);
  });

  test('a value that cannot cross is named', async () => {
    await using pool = testPool({ size: 1 });
    expect(await rejection(pool.run(python`str(${Symbol('no')})`))).toMatchObject({
      code: 'ERR_NOT_SHAREABLE',
    });
  });

  test('timeout, and what it is called then', async () => {
    await using pool = testPool({ size: 1 });
    const endless = python`
      while True:
          pass
    `;
    const error = await rejection(pool.run(endless, [], { timeout: 50 }));
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(String(error)).toContain('python`while True:`');
    expect(await pool.run(python`1 + 1`)).toBe(2);
  });

  test('progress, and functions of ours in the context of the task', async () => {
    await using pool = testPool({ size: 1 });
    const context = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const tell = (n: number): void => {
      seen.push([n, context.getStore()]);
    };
    await context.run('mine', () =>
      pool.run(
        python`
          import multicore
          ${tell}(1)
          multicore.progress(1, 1)
        `,
        [],
        { onProgress: ({ done, total }) => seen.push([done, total, context.getStore()]) },
      ),
    );
    expect(seen).toEqual([
      [1, 'mine'],
      [1, 1, 'mine'],
    ]);
  });
});

describe('a source that ends with a definition', () => {
  test('runs once in each interpreter', async () => {
    await using pool = testPool({ size: 1 });
    const count = pool.function<[], number>(python`
      calls = 0
      def count():
          global calls
          calls += 1
          return calls
    `);
    expect([await count(), await count(), await count()]).toEqual([1, 2, 3]);
    expect(count.path).toBe('python`calls = 0`');
  });

  test('once for each set of values', async () => {
    await using pool = testPool({ size: 1 });
    const counter = (from: number) =>
      pool.function<[], number>(python`
        calls = ${from}
        def count():
            global calls
            calls += 1
            return calls
      `);
    const [low, high] = [counter(0), counter(100)];
    expect([await low(), await high(), await low(), await high()]).toEqual([1, 101, 2, 102]);
  });

  test('also a class, or the last of several functions', async () => {
    await using pool = testPool({ size: 1 });
    const source = python`
      def helper(n):
          return n + 1

      class Answer:
          def __new__(cls, n):
              return helper(n)
    `;
    expect(await pool.run(source, [41])).toBe(42);
  });
});

describe('map and each', () => {
  test('thousands of items, in order', async () => {
    await using pool = testPool();
    const doubled = pool.map<number, number>(python`lambda n: 2 * n`, upTo(5000));
    expect(await collect(doubled)).toEqual(upTo(5000).map((n) => 2 * n));
  });

  test('with values, keyword arguments and chunks', async () => {
    await using pool = testPool();
    const shift = pool.function<[number], number>(python`
      def shift(n, factor=1):
          return n * factor + ${5}
    `);
    const options = { kwargs: { factor: 3 }, chunkSize: 7 };
    expect(await collect(shift.map(upTo(100), options))).toEqual(upTo(100).map((n) => n * 3 + 5));
    expect(await shift.with({ kwargs: { factor: 2 } }, 10)).toBe(25);
    const unordered = await collect(pool.imapUnordered<number, number>(python`abs`, [-3, -2, -1]));
    expect(unordered.toSorted()).toEqual([1, 2, 3]);
  });

  test('each, and an initializer', async () => {
    await using pool = testPool({
      initializer: python`
        import sys
        sys.initialized_with = ${'this'}
      `,
    });
    expect(await pool.each(python`__import__("sys").initialized_with`)).toEqual(['this', 'this']);
  });
});
