// The values of the data suite as Node has them, and what of a value is compared.

import { Timed, type Workload } from '../../host/protocol.js';

const COUNT = 100_000;
const range = <T>(make: (index: number) => T): T[] =>
  Array.from({ length: COUNT }, (_, i) => make(i));

/** Values that go to Python, made when first used. */
export const TO_PYTHON: Readonly<Record<string, () => unknown>> = {
  'text-1k': () => 'x'.repeat(1024),
  'ints-100k': () => range((index) => 2 ** 32 + index),
  'floats-100k': () => range((index) => index + 0.5),
  'strings-100k': () => range((index) => `item ${index}`),
  'dict-100k': () => Object.fromEntries(range((index) => [`key ${index}`, index])),
  'nested-64': () => {
    let value: unknown[] = [];
    for (let level = 0; level < 64; level += 1) value = [value, level];
    return value;
  },
  'rows-1k': () =>
    Array.from({ length: 1_000 }, (_, index) => [2 ** 32 + index, index + 0.5, `item ${index}`]),
  'bytes-1k': () => new Uint8Array(1 << 10),
  'bytes-1m': () => new Uint8Array(1 << 20),
  'bytes-64m': () => new Uint8Array(1 << 26),
  'bytes-1g': () => new Uint8Array(1 << 30),
  'doubles-100k': () => Float64Array.from(range((index) => index + 0.5)),
};

/** What comes from Python: names of `bench_functions.KEPT`. */
export const FROM_PYTHON: readonly string[] = [
  'text-1k',
  'ints-100k',
  'floats-100k',
  'strings-100k',
  'dict-100k',
  'nested-64',
  'rows-1k',
  'doubles-100k',
  'bytes-1k',
  'bytes-1m',
  'bytes-64m',
  'bytes-1g',
];

/** Bytes of memory that is shared or moved instead of copied. */
export const SHARED_SIZES: Readonly<Record<string, number>> = { '1k': 1 << 10, '1g': 1 << 30 };

/** Does something `n` times; what came before is not measured. */
export async function timed(n: number, once: () => unknown): Promise<Timed> {
  let last: unknown;
  const start = process.hrtime.bigint();
  for (let i = 0; i < n; i += 1) {
    const given = once();
    last = given instanceof Promise ? await given : given;
  }
  return new Timed(Number(process.hrtime.bigint() - start) / 1e9, last);
}

/** A few things about a value that cost next to nothing to look at. */
export function glance(value: unknown): unknown {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return [value.length, value.at(-1)];
  if (value instanceof ArrayBuffer) return value.byteLength;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (value instanceof Map) return value.get('key 99999');
  return (value as Readonly<Record<string, unknown>>)['key 99999'];
}

/** How one side carries values. */
export interface Carrier {
  /** Gives `bench_functions.size(value)`. */
  readonly size: (value: unknown) => unknown;
  /** Gives `bench_functions.kept(name)` as a JavaScript value. */
  readonly kept: (name: string) => unknown;
  /** Calls `bench_functions.prepare(name)`. */
  readonly prepare: (name: string) => unknown;
}

/** The workloads of the suite. Making the value and getting ready is not measured. */
export function carrying({ size, kept, prepare }: Carrier): Readonly<Record<string, Workload>> {
  const made = new Map<string, unknown>();
  const valueFor = (name: string): unknown => {
    if (!made.has(name)) made.set(name, TO_PYTHON[name]?.());
    return made.get(name);
  };
  return Object.fromEntries([
    ...Object.keys(TO_PYTHON).map((name): [string, Workload] => [
      `to-${name}`,
      (n) => {
        const value = valueFor(name);
        return timed(n, () => size(value));
      },
    ]),
    ...FROM_PYTHON.map((name): [string, Workload] => [
      `from-${name}`,
      async (n) => {
        await prepare(name);
        return timed(n, () => {
          const value = kept(name);
          return value instanceof Promise ? value.then(glance) : glance(value);
        });
      },
    ]),
  ]);
}
