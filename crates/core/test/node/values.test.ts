// What crosses in messages, exactly, and what is refused, with the way to the culprit.

import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type Arrived, Described, failureOf, load } from './support.js';

const binding = load();
const [sender, receiver] = binding.createChannel(Number.POSITIVE_INFINITY, 0, undefined);

function through(value: unknown): unknown {
  expect(binding.trySend(sender, value)).toBe(true);
  return binding.tryReceive(receiver);
}

const refusal = (value: unknown) => failureOf(() => binding.trySend(sender, value));

describe('a message', () => {
  it.each([
    null,
    true,
    false,
    0,
    1,
    -1,
    0.5,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    5e-324,
    2n ** 53n,
    -(2n ** 63n),
    2n ** 63n,
    2n ** 64n,
    -(2n ** 200n),
    '',
    'ascii',
    'naïve',
    '😀',
    '\ud800',
    'a\udfffb',
    '\ufffd',
    '\0',
    'x'.repeat(507),
    'x'.repeat(508),
    'x'.repeat(600),
    'é'.repeat(254),
    'é'.repeat(300),
    '漢'.repeat(5000),
    `${'é'.repeat(400)}\ud800`,
  ])('carries a primitive as it is: %#', (value) => {
    expect(through(value)).toBe(value);
  });

  it('turns what Python has no form for into its nearest', () => {
    expect(through(undefined)).toBeNull();
    expect(through(2 ** 53)).toBe(2n ** 53n);
    expect(through(1e300)).toBe(BigInt(1e300));
    expect(through(5n)).toBe(5);
  });

  it.each([
    [[]],
    [[1]],
    [[1, 2, 3]],
    [[1, 'a', null, [true]]],
    [[0, -0, 0.5, 1, 2, 3, 4]],
    [[1, 2, 3, 4, 5, 6, 7, 'x']],
    [Array.from({ length: 5 }, (_, i) => [i, `${i}`])],
    [Array.from({ length: 1024 }, (_, i) => i)],
    [Array.from({ length: 3000 }, (_, i) => i)],
    [Array.from({ length: 3000 }, (_, i) => i / 4)],
    [Array.from({ length: 100 }, (_, i) => `${i}`)],
    [{}],
    [{ a: 1 }],
    [{ a: { b: [{ c: null }] } }],
    [Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, i]))],
  ])('carries containers, frozen: %#', (value) => {
    const arrived = through(value);
    expect(arrived).toStrictEqual(value);
    expect(Object.isFrozen(arrived)).toBe(true);
  });

  it('carries sets, maps and bytes', () => {
    expect(through(new Set([1, 'a', [2]]))).toEqual(new Set([1, 'a', [2]]));
    expect(
      through(
        new Map<unknown, unknown>([
          [1, 2],
          [[3], 'x'],
        ]),
      ),
    ).toEqual(
      new Map<unknown, unknown>([
        [1, 2],
        [[3], 'x'],
      ]),
    );
    expect(through(new Map([['a', 1]]))).toStrictEqual({ a: 1 });
    for (const size of [0, 3, 1000, 40_000, 1_000_000]) {
      const bytes = new Uint8Array(size).map((_, i) => i);
      expect(Buffer.compare(through(bytes) as Uint8Array, bytes)).toBe(0);
    }
    expect(through(Buffer.from('abc'))).toStrictEqual(new Uint8Array([97, 98, 99]));
    expect(through(new Uint8Array([1, 2, 3, 4]).subarray(1, 3))).toStrictEqual(
      new Uint8Array([2, 3]),
    );
    expect(through(new Uint8Array([5]).buffer)).toStrictEqual(new Uint8Array([5]));
    expect(through(new Uint8Array(new SharedArrayBuffer(2)))).toStrictEqual(new Uint8Array(2));
  });

  it('is a copy: changing the original later changes nothing', () => {
    const bytes = new Uint8Array([1, 2]);
    binding.trySend(sender, bytes);
    bytes[0] = 9;
    expect(binding.tryReceive(receiver)).toStrictEqual(new Uint8Array([1, 2]));
  });

  it('keeps `__proto__` an ordinary key', () => {
    const arrived = through(JSON.parse('{"__proto__": {"polluted": 1}, "a": 2}')) as object;
    expect(Object.getPrototypeOf(arrived)).toBe(Object.prototype);
    expect(Object.keys(arrived)).toStrictEqual(['__proto__', 'a']);
    expect('polluted' in arrived).toBe(false);
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, i]));
    const large = through(
      JSON.parse(`{"__proto__": 1, ${JSON.stringify(many).slice(1)}`),
    ) as object;
    expect(Object.keys(large)).toHaveLength(41);
  });

  it('takes plain objects of every origin', () => {
    expect(through(Object.assign(Object.create(null), { a: 1 }))).toStrictEqual({ a: 1 });
    expect(through(runInNewContext('({ a: [1], m: new Map([[1, 2]]) })'))).toMatchObject({
      a: [1],
    });
    expect(through(new Proxy({ a: 1 }, {}))).toStrictEqual({ a: 1 });
    expect(through(new Proxy([1, 2], {}))).toStrictEqual([1, 2]);
    // biome-ignore lint/suspicious/noSparseArray: holes are the subject
    expect(through([1, , 3])).toStrictEqual([1, null, 3]);
  });

  it('asks TypeScript about everything else', () => {
    expect(through(new Described({ as: 'float', value: 1 }))).toBe(1);
    expect(through(new Described({ as: 'numbers', values: new Float64Array([1, 0.5]) }))).toEqual([
      1, 0.5,
    ]);
    expect(
      through(new Described({ as: 'value', value: [new Described({ as: 'value', value: 2 })] })),
    ).toEqual([2]);
    const record = { kind: 'dataclass', type: 'm:C', fields: [['x', [1]]] as const };
    expect(through(new Described({ as: 'record', record }))).toEqual({ record });
    expect(through(new Described({ as: 'complex', re: 1, im: -2 }))).toEqual(
      new Described({ as: 'complex', re: 1, im: -2 }),
    );
  });

  it('carries channel ends, each one more end', () => {
    const [inner] = binding.createChannel(1, 0, 'inner');
    const arrived = through([new Described({ as: 'shared', handle: inner })]) as Arrived[];
    expect(arrived[0]).toMatchObject({ kind: 'sender', info: { name: 'inner', capacity: 1 } });
    expect(binding.channelStats(inner).senders).toBe(2);
  });
});

describe('a refusal', () => {
  it.each([
    [() => 1, '$', 'function'],
    [Symbol('x'), '$', 'symbol'],
    [[1, { conn: new WeakMap() }], '$[1].conn', 'WeakMap'],
    [{ 'odd key': [Symbol('x')] }, '$["odd key"][0]', 'symbol'],
    [new Map([['k', new WeakSet()]]), '$["k"]', 'WeakSet'],
    [new Map([[{ a: 1 }, 1]]), '$[key 0]', 'mappingproxy'],
    [new Set([[{ a: 1 }]]), '$[0][0]', 'mappingproxy'],
    [{ [Symbol('s')]: 1 }, '$[symbol]', 'symbol'],
    [new (class Mine {})(), '$', 'Mine'],
    [[1, 2, 3, 4, 5, 6, 7, new Date()], '$[7]', 'Date'],
    [new Described(undefined), '$', 'Described'],
  ])('names the way to the culprit: %#', async (value, path, type) => {
    expect(await refusal(value)).toMatchObject({ kind: 'not-shareable', path, type });
  });

  it('comes for cycles and for what is too deep', () => {
    // A debug build of the addon runs out of V8's stack first, and V8 says so.
    const tooDeep = /contains itself|call stack/;
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    expect(() => binding.trySend(sender, cycle)).toThrow(tooDeep);
    let deep: unknown = 1;
    for (let depth = 0; depth < 513; depth++) deep = [deep];
    expect(() => binding.trySend(sender, deep)).toThrow(tooDeep);
    const self: { value?: unknown } = {};
    const described = new Described({ as: 'value', value: self });
    self.value = described;
    expect(() => binding.trySend(sender, described)).toThrow(tooDeep);
  });

  it('comes for memory that was transferred away, and for absurd lengths', async () => {
    const bytes = new Uint8Array(8);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    expect(await refusal(bytes)).toMatchObject({ reason: expect.stringContaining('transferred') });
    expect(await refusal(bytes.buffer)).toMatchObject({ kind: 'not-shareable' });
    const sparse: unknown[] = [];
    sparse.length = 2 ** 32 - 1;
    expect(await refusal(sparse)).toMatchObject({ reason: expect.stringContaining('too long') });
  });

  it('lets what user code throws on the way through', () => {
    const error = new RangeError('from a getter');
    const throwing = {
      get x() {
        throw error;
      },
    };
    expect(() => binding.trySend(sender, [throwing])).toThrow(error);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(() => binding.trySend(sender, proxy)).toThrow(TypeError);
    expect(() => binding.trySend(sender, new Map([[1, throwing]]))).toThrow(error);
  });

  it('leaves nothing behind in the channel', () => {
    expect(binding.tryReceive(receiver)).toBe(binding.EMPTY);
  });
});

it('getters that come back in do not disturb a conversion', () => {
  const array = [1, 2, 3, 4, 5, 6, 7, 8];
  Object.defineProperty(array, 4, {
    enumerable: true,
    get() {
      binding.trySend(sender, [9, 9, 9, 9, 9, 9, 9, 9]);
      return 5;
    },
  });
  binding.trySend(sender, array);
  const arrived = binding.tryReceiveMany(receiver, 10) as number[][];
  expect(arrived.at(-1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
