// JavaScript functions that Python calls: on their own thread, with their errors, and back again.

import { afterAll, describe, expect, it } from 'vitest';
import { Failure, failureOf, loadStarted } from './support.js';

const binding = loadStarted();
const FOREVER = Number.POSITIVE_INFINITY;
const python = binding.createInterpreterSync({ name: 'host-functions' });
const evaluate = (source: string, bind?: object): Promise<unknown> =>
  binding.evaluate(python, source, undefined, bind, FOREVER, 0);
const evaluateSync = (source: string, bind?: object): unknown =>
  binding.evaluateSync(python, source, undefined, bind, FOREVER);
afterAll(() => binding.closeInterpreter(python, 1000));

describe.each([
  ['through the queue', evaluate],
  ['on the calling thread', async (source: string, bind?: object) => evaluateSync(source, bind)],
])('a function that is called %s', (_, run) => {
  it('gets arguments and gives a result', async () => {
    const f = (...args: unknown[]) => args;
    expect(await run('f(1, [2], {"a": (3,)}, key=4)', { f })).toEqual([
      1,
      [2],
      { a: [3] },
      { key: 4 },
    ]);
    expect(await run('f() is None', { f: () => undefined })).toBe(true);
  });

  it('throws into Python and through it, the same error', async () => {
    const error = new TypeError('mine');
    const f = () => {
      throw error;
    };
    await expect(run('f()', { f })).rejects.toBe(error);
    const caught =
      'exec("try: f()\\nexcept Exception as e: seen = str(e)") or globals().get("seen")';
    expect(await run(caught, { f })).toContain('mine');
  });

  it('throws what is no error', async () => {
    const f = () => {
      // biome-ignore lint/style/useThrowOnlyError: that is the subject
      throw 'only text';
    };
    await expect(run('f()', { f })).rejects.toThrow(/only text/);
  });

  it('comes back as itself', async () => {
    const f = () => 1;
    expect(await run('f', { f })).toBe(f);
    expect(await run('[f, f]', { f })).toEqual([f, f]);
  });

  it('may not return what cannot cross', async () => {
    await expect(run('f()', { f: () => new WeakMap() })).rejects.toThrow(/WeakMap/);
  });

  it('may call another interpreter, synchronously', async () => {
    const other = binding.createInterpreterSync({});
    const f = (x: number) => binding.evaluateSync(other, 'x * 2', undefined, { x }, FOREVER);
    expect(await run('f(21)', { f })).toBe(42);
    await binding.closeInterpreter(other, 1000);
  });

  it('finds its own interpreter busy', async () => {
    const f = async () => failureOf(() => evaluateSync('1'));
    const g = () => {
      try {
        return evaluateSync('1');
      } catch (error) {
        return error instanceof Failure ? error.failure.kind : 'other';
      }
    };
    expect(f).toBeTypeOf('function');
    expect(await run('g()', { g })).toBe('busy');
  });
});

it('an async function is awaited', async () => {
  const f = async (x: number) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return x + 1;
  };
  expect(await evaluate('f(f(1))', { f })).toBe(3);
  const error = new Error('later');
  await expect(evaluate('f()', { f: () => Promise.reject(error) })).rejects.toBe(error);
});

it('an async function cannot be awaited by a synchronous call, and says so', async () => {
  const error = await failureOf(() => evaluateSync('f()', { f: async () => 1 })).catch((e) => e);
  expect(String(error.message ?? JSON.stringify(error))).toMatch(/async function/);
});

it('a call that waits is stopped with its job', async () => {
  const waiting = binding.evaluate(
    python,
    'f()',
    undefined,
    { f: () => new Promise(() => {}) },
    50,
    0,
  );
  expect(await failureOf(() => waiting)).toMatchObject({ kind: 'stopped', why: 'timeout' });
  expect(await evaluate('1 + 1')).toBe(2);
});

it('output comes before the result, in pieces that add up', async () => {
  const pieces: string[] = [];
  const printing = binding.createInterpreterSync({ stdout: (text) => pieces.push(text) });
  await binding.exec(printing, 'for i in range(1000): print(i)', undefined, undefined, FOREVER, 0);
  expect(pieces.join('')).toBe(Array.from({ length: 1000 }, (_, i) => `${i}\n`).join(''));
  binding.execSync(printing, 'print("now")', undefined, undefined, FOREVER);
  expect(pieces.at(-1)).toBe('now\n');
  await binding.closeInterpreter(printing, 1000);
});
