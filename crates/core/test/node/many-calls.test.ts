// Calls that are submitted many at a time: one job each with `callMany`, one job for all with `callEach`.

import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { Failure, loadStarted, plainHooks } from './support.js';

const binding = loadStarted();
const FOREVER = Number.POSITIVE_INFINITY;
const python = binding.createInterpreterSync({ name: 'many-calls' });
afterAll(() => binding.closeInterpreter(python, 1000));

binding.execSync(
  python,
  `
import asyncio, sys, time, types
m = types.ModuleType("many"); sys.modules["many"] = m
def define(f):
    setattr(m, f.__name__, f)
    return f
@define
def add(a, b=0): return a + b
@define
def doze(seconds):
    began = time.perf_counter()
    time.sleep(seconds)
    return (time.perf_counter() - began) * 1000
@define
def fail_at_3(n):
    if n == 3: raise ValueError("three")
    return n
@define
async def later(n):
    await asyncio.sleep(0)
    return n * 10
@define
def sometimes_later(n): return later(n) if n == 2 else n
@define
def spin(): 
    while True: pass
@define
def lock_at_2(n): return object() if n == 2 else n
@define
def mark(n):
    import __main__
    seen = getattr(__main__, "marked", None)
    __main__.marked = n
    return seen
`,
  undefined,
  undefined,
  FOREVER,
);

describe('callMany', () => {
  const ended = new Map<number, readonly [isOk: boolean, outcome: unknown]>();
  let tell: () => void = () => {};
  const until = async (count: number): Promise<void> => {
    while (ended.size < count) {
      await new Promise<void>((resolve) => {
        tell = resolve;
      });
    }
  };
  beforeEach(() => {
    ended.clear();
    binding.setHooks({
      ...plainHooks,
      jobsEnded(...told) {
        for (let at = 0; at < told.length; at += 3) {
          ended.set(told[at] as number, [told[at + 1] as boolean, told[at + 2]]);
        }
        tell();
      },
    });
  });

  it('tells the end of each, by number', async () => {
    const add = binding.internFunction('many:add');
    const items = Array.from({ length: 100 }, (_, n) => n);
    expect(binding.callMany(python, add, items, true, 1000)).toBe(100);
    expect(binding.callMany(python, add, [[1, 2], [3], ['a', 'b']], false, 2000)).toBe(3);
    await until(103);
    for (const n of items) expect(ended.get(1000 + n)).toEqual([true, n]);
    expect([2000, 2001, 2002].map((job) => ended.get(job))).toEqual([
      [true, 3],
      [true, 3],
      [true, 'ab'],
    ]);
  });

  it('a failure is that of its call alone', async () => {
    const fail = binding.internFunction('many:fail_at_3');
    binding.callMany(python, fail, [1, 2, 3, 4], true, 1);
    await until(4);
    expect([1, 2, 4].map((job) => ended.get(job))).toEqual([
      [true, 1],
      [true, 2],
      [true, 4],
    ]);
    const [isOk, error] = ended.get(3) ?? [];
    expect(isOk).toBe(false);
    expect(error).toBeInstanceOf(Failure);
  });

  it('coroutines are told when they end', async () => {
    binding.callMany(python, binding.internFunction('many:later'), [1, 2, 3], true, 1);
    await until(3);
    expect([1, 2, 3].map((job) => ended.get(job)?.[1])).toEqual([10, 20, 30]);
  });

  it('stops at the first that cannot cross, which is thrown if it is the first of all', async () => {
    const add = binding.internFunction('many:add');
    expect(binding.callMany(python, add, [1, 'a', Symbol('no'), 2], true, 1)).toBe(2);
    expect(binding.callMany(python, add, [[1], [Symbol('no')]], false, 11)).toBe(1);
    expect(() => binding.callMany(python, add, [Symbol('no'), 1], true, 21)).toThrow(Failure);
    expect(() => binding.callMany(python, add, [{}], false, 31)).toThrow(/are an array/);
    await until(3);
    expect(ended.get(11)).toEqual([true, 1]);
    expect(ended.has(21)).toBe(false);
  });

  it('one can be stopped, one taken back; the others do not notice', async () => {
    binding.callMany(python, binding.internFunction('many:spin'), [[]], false, 1);
    binding.callMany(python, binding.internFunction('many:add'), [5, 6, 7], true, 2);
    expect(binding.withdrawJob(3)).toBe(true);
    expect(binding.withdrawJob(3)).toBe(false);
    binding.cancelJob(1);
    await until(3);
    const [, stopped] = ended.get(1) ?? [];
    expect((stopped as Failure).failure).toMatchObject({ why: 'cancelled' });
    expect([...ended.keys()].toSorted()).toEqual([1, 2, 4]);
  });

  it('refuses a function that was not interned', () => {
    expect(() => binding.callMany(python, 1e9, [1], true, 1)).toThrow(/no function was interned/);
  });
});

describe('callEach', () => {
  const each = (path: string, items: readonly unknown[], kwargs?: object, budget = FOREVER) =>
    binding.callEach(python, path, items, kwargs, budget, 0);

  it('gives all results', async () => {
    const [results, , awaits, isOk] = await each('many:add', [1, 2, 3], { b: 10 });
    expect([results, awaits, isOk]).toEqual([[11, 12, 13], false, true]);
    expect((await each('many:add', []))[0]).toEqual([]);
  });

  it('says how many milliseconds its calls took, and not what it waited for its turn', async () => {
    const start = performance.now();
    const before = each('many:doze', [0.1]);
    const [dozed, ms] = await each('many:doze', [0.02, 0.02]);
    const elapsed = performance.now() - start;
    // Between what Python says of the calls themselves and what was left for them.
    expect(ms).toBeGreaterThanOrEqual((dozed as number[]).reduce((sum, each) => sum + each));
    expect(ms).toBeLessThanOrEqual(elapsed - (await before)[1]);
  });

  it('gives the results before a failure', async () => {
    const [results, , awaits, isOk, error] = await each('many:fail_at_3', [1, 2, 3, 4]);
    expect([results, awaits, isOk]).toEqual([[1, 2], false, false]);
    expect((error as Failure).failure).toMatchObject({ kind: 'plain-exception' });
    const [none, , , , refused] = await each('many:lock_at_2', [2]);
    expect(none).toEqual([]);
    expect((refused as Failure).failure).toMatchObject({ kind: 'not-shareable' });
    const [never, , , , missing] = await each('many:nothing', [1]);
    expect(never).toEqual([]);
    expect((missing as Failure).failure).toMatchObject({ kind: 'plain-exception' });
  });

  it('ends with a coroutine, whose result is the outcome', async () => {
    const [results, , awaits, isOk, outcome] = await each('many:sometimes_later', [1, 2, 3]);
    expect([results, awaits, isOk, outcome]).toEqual([[1], true, true, 20]);
  });

  it('ends early when its time is over, and at what cannot cross', async () => {
    expect((await each('many:add', [1, 2, 3], undefined, 0))[0]).toEqual([1]);
    expect((await each('many:add', [1, 'b', Symbol('no'), 2]))[3]).toBe(false);
    expect((await each('many:add', [1, Symbol('no'), 2]))[0]).toEqual([1]);
    expect(() => each('many:add', [Symbol('no')])).toThrow(Failure);
  });

  it('each call finds __main__ as it was', async () => {
    const keep = 'import _multicore; _multicore.keep_main(True)';
    binding.execSync(python, keep, undefined, undefined, FOREVER);
    expect((await each('many:mark', [1, 2, 3]))[0]).toEqual([null, null, null]);
    binding.execSync(python, keep.replace('True', 'False'), undefined, undefined, FOREVER);
  });
});
