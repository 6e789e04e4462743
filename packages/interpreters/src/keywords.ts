// Names of keyword arguments as numbers: which names a call site uses is said once, and with each call
// only their values are sent.

import type { Binding } from '@multicore-python/core';

// More than this and they are data, not places in a program: sent as they are.
const NUMBERS_MAX = 1024;

interface Names {
  number: number | undefined;
  readonly longer: Map<string, Names>;
}

const none: Names = { number: undefined, longer: new Map() };
let count = 0;

/** A call with few arguments, to be passed one by one. */
export interface NamedCall {
  /** The number of the names. */
  readonly names: number;
  /** The positional arguments, and then the value of each name. */
  readonly values: readonly unknown[];
}

/** The call with these arguments; undefined if they are to be sent as they are. */
export function namedCall(
  args: readonly unknown[] | undefined,
  kwargs: Readonly<Record<string, unknown>>,
  binding: Binding,
): NamedCall | undefined {
  if (typeof kwargs !== 'object' || kwargs === null) return undefined;
  if (args !== undefined && !Array.isArray(args)) return undefined;
  const keys = Object.keys(kwargs);
  const length = keys.length + (args?.length ?? 0);
  if (keys.length === 0 || length > binding.MOST_ARGUMENTS) return undefined;
  // Whoever takes the object apart refuses these by name.
  if (Object.getOwnPropertySymbols(kwargs).length > 0) return undefined;
  const names = numberOf(keys, binding);
  if (names === undefined) return undefined;
  const values = args === undefined ? [] : [...args];
  for (const key of keys) values.push(kwargs[key]);
  return { names, values };
}

function numberOf(keys: readonly string[], binding: Binding): number | undefined {
  let names = none;
  for (const key of keys) {
    let longer = names.longer.get(key);
    if (longer === undefined) {
      if (count >= NUMBERS_MAX) return undefined;
      count += 1;
      longer = { number: undefined, longer: new Map() };
      names.longer.set(key, longer);
    }
    names = longer;
  }
  names.number ??= binding.internNames(keys);
  return names.number;
}
