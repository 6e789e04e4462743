import {
  Barrier,
  Condition,
  type Guard,
  Lock,
  register,
  releaseView,
  Semaphore,
  type Transferred,
  transfer,
} from '@multicore-python/channels';
import { expectTypeOf, test } from 'vitest';

test('what can be transferred', () => {
  expectTypeOf(transfer).parameter(0).toExtend<ArrayBufferView | ArrayBuffer>();
  expectTypeOf(transfer(new Float64Array(1))).toEqualTypeOf<Transferred>();
  // @ts-expect-error: a DataView has no items
  transfer(new DataView(new ArrayBuffer(1)));
  // @ts-expect-error: shared memory is not given away
  transfer(new SharedArrayBuffer(1));
  expectTypeOf(releaseView).returns.toEqualTypeOf<boolean>();
});

test('locks give guards', () => {
  expectTypeOf(new Lock().acquire()).resolves.toEqualTypeOf<Guard>();
  expectTypeOf(new Lock().tryAcquire()).toEqualTypeOf<Guard | undefined>();
  expectTypeOf(new Lock().with(async () => 'x')).resolves.toEqualTypeOf<string>();
  expectTypeOf(new Condition().lock).toEqualTypeOf<Lock>();
  expectTypeOf(new Barrier(2).wait()).resolves.toEqualTypeOf<number>();
  // @ts-expect-error: how many permits?
  new Semaphore();
});

test('registered classes agree with themselves', () => {
  class Point {
    readonly x: number;
    constructor(x: number) {
      this.x = x;
    }
  }
  register(Point, {
    name: 'm:Point',
    reduce: ({ x }) => ({ x }),
    rebuild: ({ x }) => new Point(x),
  });
  register(Point, {
    name: 'm:Point',
    reduce: ({ x }) => ({ x }),
    // @ts-expect-error: rebuild gets what reduce gives
    rebuild: ({ y }) => new Point(y),
  });
});
