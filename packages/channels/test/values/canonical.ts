// What a value is, as text that both languages can write: `shapes` in ../python/canonical.py writes the same
// of what arrived there. Two values are the same to a receiver if and only if these texts are.

import { Complex } from '@multicore-python/interpreters';

const bits = new DataView(new ArrayBuffer(8));

function float(number: number): string {
  if (Number.isNaN(number)) return 'float nan';
  bits.setFloat64(0, number);
  return `float ${bits.getBigUint64(0).toString(16)}`;
}

const hex = (value: bigint): string =>
  `${value < 0n ? '-' : ''}0x${(value < 0n ? -value : value).toString(16)}`;

function text(value: string): string {
  const units = Array.from({ length: value.length }, (_, at) => value.charCodeAt(at).toString(16));
  return `str ${units.join('.')}`;
}

/** How arrays, sets and mappings are called where they arrive: copies in calls, immutable in messages. */
export type Arrival = 'call' | 'message';

const NAMES = {
  call: { array: 'list', set: 'set', mapping: 'dict' },
  message: { array: 'tuple', set: 'frozenset', mapping: 'mappingproxy' },
} as const;

/** What Python has to see of a value that is sent to it. */
export function toPython(value: unknown, arrival: Arrival): string {
  const names = NAMES[arrival];
  const inside = (item: unknown): string => toPython(item, arrival);
  // What Python hashes arrives as in a message.
  const key = (item: unknown): string => toPython(item, 'message');
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return `bool ${value}`;
  if (typeof value === 'bigint') return `int ${hex(value)}`;
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number')
    return Number.isInteger(value) && !Object.is(value, -0)
      ? `int ${hex(BigInt(value))}`
      : float(value);
  if (value instanceof Complex) return `complex(${float(value.re)}, ${float(value.im)})`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `${names.array}(${Array.from(value, inside).join(', ')})`;
  if (value instanceof Set) return `${names.set}(${[...value].map(key).sort().join(', ')})`;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const pairs = entries.map(([name, item]) => `${key(name)}: ${inside(item)}`);
  return `${names.mapping}(${pairs.join(', ')})`;
}

/** What JavaScript sees of a value that has arrived from Python. */
export function arrived(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return `bool ${value}`;
  if (typeof value === 'bigint') return `int ${hex(value)}`;
  if (typeof value === 'string') return text(value);
  // Whether it was an int or a float cannot be told of a number.
  if (typeof value === 'number') return float(value);
  if (value instanceof Complex) return `complex(${float(value.re)}, ${float(value.im)})`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) {
    const name = Object.isFrozen(value) ? 'tuple' : 'list';
    return `${name}(${value.map(arrived).join(', ')})`;
  }
  if (isSetLike(value)) {
    const name = value instanceof Set ? 'set' : 'frozenset';
    return `${name}(${[...value].map(arrived).sort().join(', ')})`;
  }
  const isMap = isMapLike(value);
  const entries = isMap ? [...value] : Object.entries(value as object);
  const isMutable = isMap ? value instanceof Map : !Object.isFrozen(value);
  const pairs = entries.map(([name, item]) => `${arrived(name)}: ${arrived(item)}`);
  return `${isMutable ? 'dict' : 'mappingproxy'}(${pairs.sort().join(', ')})`;
}

function isMapLike(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return typeof value === 'object' && value !== null && 'entries' in value && 'get' in value;
}

function isSetLike(value: unknown): value is ReadonlySet<unknown> {
  return typeof value === 'object' && value !== null && 'has' in value && !('get' in value);
}
