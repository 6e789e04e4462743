import {
  Complex,
  Float,
  FrozenMap,
  FrozenSet,
  float,
  Interpreter,
} from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create();
  await py.exec('def same(x): return x\ndef show(x): return repr(x)');
});
afterAll(async () => {
  await py.close();
});

describe('from Python', () => {
  test.each<[string, unknown]>([
    ['None', null],
    ['True', true],
    ['7', 7],
    ['2**53 - 1', Number.MAX_SAFE_INTEGER],
    ['2**53', 2n ** 53n],
    ['-2**70', -(2n ** 70n)],
    ['1.0', 1],
    ["float('nan')", Number.NaN],
    ["float('-inf')", Number.NEGATIVE_INFINITY],
    ['-0.0', -0],
    ["'ä\\U0001f600'", 'ä😀'],
    ["'\\ud800x'", '\ud800x'],
    ["b'\\x00\\xff'", new Uint8Array([0, 255])],
    ['(1, (2,), ())', [1, [2], []]],
    ['[1, [2]]', [1, [2]]],
    ["{'a': 1, 'b': {}}", { a: 1, b: {} }],
    ['{1: 2}', new Map([[1, 2]])],
    ['{1, 2}', new Set([1, 2])],
    ['1+2j', new Complex(1, 2)],
    ["frozenset({'a'})", new FrozenSet(['a'])],
    ["__import__('types').MappingProxyType({1: 'one'})", new FrozenMap([[1, 'one']])],
  ])('%s', async (source, expected) => {
    const value = await py.evaluate(source);
    expect(value).toStrictEqual(expected);
    expect(py.evaluateSync(source)).toStrictEqual(expected);
  });

  test('tuples and mapping proxies are frozen, lists and dicts are not', async () => {
    expect(Object.isFrozen(await py.evaluate('(1, 2)'))).toBe(true);
    expect(Object.isFrozen(await py.evaluate('[1, 2]'))).toBe(false);
    expect(
      Object.isFrozen(await py.evaluate("__import__('types').MappingProxyType({'a': 1})")),
    ).toBe(true);
    expect(Object.isFrozen(await py.evaluate("{'a': 1}"))).toBe(false);
  });
});

describe('to Python', () => {
  test.each<[unknown, string]>([
    [null, 'None'],
    [undefined, 'None'],
    [true, 'True'],
    [7, '7'],
    [-0, '-0.0'],
    [1.5, '1.5'],
    [float(1), '1.0'],
    [Number.NaN, 'nan'],
    [2n ** 70n, String(2n ** 70n)],
    [2 ** 60, String(2n ** 60n)],
    ['\ud800', "'\\ud800'"],
    [new Uint8Array([0, 255]), "b'\\x00\\xff'"],
    [Buffer.from('ab'), "b'ab'"],
    [new Uint8Array([7]).buffer, "b'\\x07'"],
    [[1, [2]], '[1, [2]]'],
    [{ a: 1 }, "{'a': 1}"],
    [new Map([[1, 2]]), '{1: 2}'],
    [new Set([1]), '{1}'],
    [new Complex(1, 2), '(1+2j)'],
    [Object.freeze([1, 2]), '[1, 2]'],
  ])('%o is %s', async (value, expected) => {
    expect(await py.call<string>('show', [value])).toBe(expected);
    expect(py.callSync<string>('show', [value])).toBe(expected);
  });

  test('what cannot cross is refused, not changed', async () => {
    for (const value of [Symbol('s'), new WeakMap(), new (class A {})(), new URL('file:///')]) {
      await expect(py.call('same', [value])).rejects.toMatchObject({ code: 'ERR_NOT_SHAREABLE' });
    }
    const cycle: unknown[] = [];
    cycle.push(cycle);
    await expect(py.call('same', [cycle])).rejects.toMatchObject({ code: 'ERR_NOT_SHAREABLE' });
  });
});

test('values come back as they went', async () => {
  const value = {
    text: 'x',
    list: [1, 2n ** 64n, null, [true]],
    bytes: new Uint8Array(1000).fill(7),
    empty: [{}, []],
  };
  expect(await py.call('same', [value])).toStrictEqual(value);
  expect(new Float(2).valueOf()).toBe(2);
});

test.each([0, 1, 5, 6, 7, 20])('a call takes %i arguments, in every way to call', async (count) => {
  await using py = await Interpreter.create();
  await py.exec('def given(*args): return [len(args), *args]');
  const args = Array.from({ length: count }, (_, index) => `argument ${index}`);
  const given = py.function<readonly string[], unknown[]>('given');
  const expected = [count, ...args];
  expect(await py.call('given', args)).toEqual(expected);
  expect(py.callSync('given', args)).toEqual(expected);
  expect(await given(...args)).toEqual(expected);
  expect(given.sync(...args)).toEqual(expected);
  expect(await given.with({ timeout: 10_000 }, ...args)).toEqual(expected);
});

test('arguments that are no array, or cannot cross, are refused and named', async () => {
  await using py = await Interpreter.create();
  const wrong = 'ab' as unknown as readonly unknown[];
  await expect(py.call('len', wrong)).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
  expect(() => py.callSync('len', wrong)).toThrow(/array/);
  const holes: unknown[] = [];
  holes.length = 2;
  expect(await py.call('repr', [holes])).toBe('[None, None]');
  const args = [1, { deep: [Symbol('no')] }];
  await expect(py.call('print', args)).rejects.toMatchObject({ path: '$[1].deep[0]' });
  expect(() => py.callSync('print', args)).toThrow(
    expect.objectContaining({ path: '$[1].deep[0]' }),
  );
});
