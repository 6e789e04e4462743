// One conversion makes only so much: a graph whose parts are shared is small where it comes from, and a tree on its way.

import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NativeFailure } from '../../js/native/binding.js';
import { failureOf, loadStarted } from './support.js';

const binding = loadStarted();
const FOREVER = Number.POSITIVE_INFINITY;
const [sender, receiver] = binding.createChannel(FOREVER, 0, undefined);
const python = binding.createInterpreterSync({ name: 'budget' });
const execute = (code: string) => binding.execSync(python, code, undefined, undefined, FOREVER);
const evaluate = (code: string, bind?: object) =>
  binding.evaluateSync(python, code, undefined, bind, FOREVER);

execute(`
import types
from dataclasses import dataclass
@dataclass(frozen=True)
class Pair:
    a: object
    b: object
def doubled(x, double):
    for _ in range(40): x = double(x)
    return x
`);
afterAll(() => binding.closeInterpreter(python, 1000));

// 8 MB for a value.
beforeEach(() => binding.setMemory(16 << 20, FOREVER));
afterEach(() => binding.setMemory(FOREVER, FOREVER));

const tooMuch = (type: string): Partial<NativeFailure> => ({
  kind: 'not-shareable',
  type,
  reason: expect.stringMatching(/more than 8 MB.*send it in parts/) as unknown as string,
});

function doubled<T>(value: T, double: (value: T) => T): T {
  let result = value;
  for (let index = 0; index < 40; index++) result = double(result);
  return result;
}

describe('from JavaScript', () => {
  it.each<[string, string, unknown]>([
    ['arrays', 'Array', doubled<unknown>([], (x) => [x, x])],
    ['objects', 'Object', doubled<unknown>({}, (x) => ({ a: x, b: x }))],
    [
      'maps',
      'Map',
      doubled<unknown>(
        new Map(),
        (x) =>
          new Map([
            [1, x],
            [2, x],
          ]),
      ),
    ],
    ['sets', 'Array', doubled<unknown>(new Set(), (x) => new Set([[x], [x, x]]))],
    [
      'null prototypes',
      'object',
      doubled<unknown>(null, (x) => Object.assign(Object.create(null), { x, y: x })),
    ],
    ['a string in many places', 'string', Array(10_000).fill('x'.repeat(10_000))],
    ['wide strings', 'string', Array(10_000).fill('\ud800'.repeat(10_000))],
    ['bytes in many places', 'Uint8Array', Array(10_000).fill(new Uint8Array(10_000))],
    ['doubles in many places', 'Float64Array', Array(10_000).fill(new Float64Array(10_000))],
    ['numbers in many places', 'Array', Array(10_000).fill(Array(10_000).fill(1))],
    ['floats in many places', 'Array', Array(10_000).fill(Array(10_000).fill(0.5))],
    ['large integers in many places', 'bigint', Array(10_000).fill(2n ** 100_000n)],
  ])('%s', async (_, type, value) => {
    expect(await failureOf(() => binding.trySend(sender, value))).toMatchObject(tooMuch(type));
    expect(await failureOf(() => evaluate('x', { x: value }))).toMatchObject(tooMuch(type));
    const call = () => binding.callSync(python, 'builtins:id', [value], undefined, FOREVER);
    expect(await failureOf(call)).toMatchObject(tooMuch(type));
  });

  it('in the arguments of one call together, and in what a function returns', async () => {
    const part = Array(100_000).fill(null);
    expect(evaluate('len(x)', { x: part })).toBe(100_000);
    const all = { a: part, b: part, c: part, d: part };
    expect(await failureOf(() => evaluate('1', all))).toMatchObject(tooMuch('Array'));
    const give = () => doubled<unknown>([], (x) => [x, x]);
    const call = binding.evaluate(python, 'give()', undefined, { give }, FOREVER, 0);
    expect(await failureOf(() => call)).toMatchObject(tooMuch('Array'));
  });

  it('not what is refused, nor what was made before', () => {
    const large = Array(100_000).fill(null);
    for (let time = 0; time < 10; time++) {
      expect(binding.trySend(sender, large)).toBe(true);
      expect(binding.tryReceive(receiver)).toHaveLength(100_000);
    }
  });
});

describe('from Python', () => {
  const sources: [string, string, string][] = [
    ['lists', 'list', 'doubled([], lambda x: [x, x])'],
    ['tuples', 'tuple', 'doubled((), lambda x: (x, x))'],
    ['dicts', 'dict', 'doubled({}, lambda x: {1: x, 2: x})'],
    ['mappings', 'dict', 'doubled(None, lambda x: types.MappingProxyType({1: x, 2: x}))'],
    ['frozen sets', 'tuple', 'doubled(frozenset(), lambda x: frozenset([(x,), (x, x)]))'],
    ['records', '__main__.Pair', 'doubled(None, lambda x: Pair(x, x))'],
    ['a string in many places', 'str', '["x" * 10_000] * 10_000'],
    ['wide strings', 'str', '["\\ud800" * 10_000] * 10_000'],
    ['bytes in many places', 'bytes', '[bytes(10_000)] * 10_000'],
    ['byte arrays in many places', 'bytearray', '[bytearray(10_000)] * 10_000'],
    ['numbers in many places', 'list', '[[1] * 10_000] * 10_000'],
    ['floats in many places', 'list', '[[0.5] * 10_000] * 10_000'],
    ['large integers in many places', 'int', '[2 ** 100_000] * 10_000'],
  ];
  it.each(sources)('%s', async (_, type, code) => {
    const failure = await failureOf(() => evaluate(code));
    expect(failure).toMatchObject({ ...tooMuch(type), type: expect.stringMatching(type) });
  });

  it('is an exception there, with which the interpreter goes on', () => {
    execute(`
from multicore import channels
from multicore.interpreters import NotShareableError
rx, tx = channels.create(1)
try: tx.send(doubled((), lambda x: (x, x)))
except NotShareableError as error: said = str(error)
tx.send((1, 2)); got = rx.recv()
`);
    expect(evaluate('said')).toMatch(/^\$\[0\].*: tuple: with it .* more than 8 MB/);
    expect(evaluate('got')).toEqual([1, 2]);
  });

  it('crosses pickled between two interpreters, where parts may stay shared', () => {
    execute(`
from multicore import interpreters
other = interpreters.create()
try: answered = other.call(len, doubled([], lambda x: [x, x]))
finally: other.close()
`);
    expect(evaluate('answered')).toBe(2);
  });
});

describe('to JavaScript', () => {
  const fits = '[[n] for n in range(1000)]';
  const sources: [string, string][] = [
    ['lists', '[[n] for n in range(100_000)]'],
    ['lists of floats', '[[0.5] * 100] * 10_000'],
    ['dicts', '[{"a": n} for n in range(100_000)]'],
    ['strings', '["x" * 1000] * 10_000'],
  ];
  it.each(sources)('%s that its heap has no room for are refused', async (_, code) => {
    binding.setMemory(FOREVER, 4 << 20);
    const tooMuch = {
      kind: 'not-shareable',
      type: 'list',
      reason: expect.stringContaining('4 MB'),
    };
    expect(await failureOf(() => evaluate(code))).toMatchObject(tooMuch);
    const promise = binding.evaluate(python, code, undefined, undefined, FOREVER, 0);
    expect(await failureOf(() => promise)).toMatchObject(tooMuch);
    expect(evaluate(fits)).toHaveLength(1000);
  });
});
