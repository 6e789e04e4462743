import {
  InterpreterPool,
  type PoolCloseReport,
  type PoolFunction,
  type PoolLease,
  type Progress,
  python,
} from '@multicore-python/interpreters';
import { expectTypeOf, test } from 'vitest';

declare const pool: InterpreterPool;

test('results are what the caller says, unknown otherwise', () => {
  expectTypeOf(pool.run('m:f')).resolves.toBeUnknown();
  expectTypeOf(pool.run<number>('m:f', [1])).resolves.toBeNumber();
  expectTypeOf(pool.each<string>('m:f')).resolves.toEqualTypeOf<string[]>();
  expectTypeOf(pool.map<number, string>('m:f', [1])).toEqualTypeOf<
    AsyncGenerator<string, void, undefined>
  >();
  expectTypeOf(pool.take()).resolves.toEqualTypeOf<PoolLease>();
  expectTypeOf(pool.close()).resolves.toEqualTypeOf<PoolCloseReport>();
});

test('handles are typed and have no synchronous form', () => {
  const score = pool.function<[text: string, weight?: number], number>('m:f');
  expectTypeOf(score).toEqualTypeOf<PoolFunction<[text: string, weight?: number], number>>();
  expectTypeOf(score('a', 2)).resolves.toBeNumber();
  expectTypeOf(score.with({ priority: 1 }, 'a')).resolves.toBeNumber();
  expectTypeOf(score.map(['a'])).toExtend<AsyncIterable<number>>();
  // @ts-expect-error a number is no text
  score(1);
  // @ts-expect-error a number is no text
  score.map([1]);
  // @ts-expect-error it would block the event loop
  score.sync('a');
});

test('a source in place of a path', () => {
  expectTypeOf(pool.run<number>(python`1 + 1`)).resolves.toBeNumber();
  expectTypeOf(pool.map<number, string>(python`str`, [1])).toEqualTypeOf<
    AsyncGenerator<string, void, undefined>
  >();
  const twice = pool.function<[n: number], number>(python`lambda n: 2 * n`);
  expectTypeOf(twice).toEqualTypeOf<PoolFunction<[n: number], number>>();
  expectTypeOf(twice.map([1])).toExtend<AsyncIterable<number>>();
  // @ts-expect-error a text is no number
  twice('1');
  // @ts-expect-error neither a path nor a source
  pool.run(1);
  new InterpreterPool({ initializer: python`import json` });
});

test('options', () => {
  new InterpreterPool({ size: 2 });
  new InterpreterPool({ min: 1, max: 2, idleTimeout: 5 });
  // @ts-expect-error either of the two
  new InterpreterPool({ size: 2, max: 2 });
  // @ts-expect-error there is only one main interpreter
  new InterpreterPool({ isolation: 'main' });
  // @ts-expect-error order is what it is about
  pool.imapUnordered('m:f', [1], { ordered: true });
  pool.run('m:f', [], {
    onProgress: (progress) => expectTypeOf(progress).toEqualTypeOf<Progress>(),
  });
});
