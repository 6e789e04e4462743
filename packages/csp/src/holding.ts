// Which processes still use a channel end: the last one that lets go leaves the channel. Finding the
// ends in what a process is handed is here too.

import { End } from '@multicore-python/channels';
import { PythonSource } from '@multicore-python/interpreters';
import { Barrier } from './barrier/barrier.js';

export type { End };

const users = new WeakMap<End, number>();

/** One more user of each end. */
export function hold(ends: readonly End[]): void {
  for (const end of ends) users.set(end, (users.get(end) ?? 0) + 1);
}

/** One user less of each end; the last one leaves. */
export function letGo(ends: readonly End[]): void {
  for (const end of ends) {
    const rest = (users.get(end) ?? 1) - 1;
    if (rest > 0) {
      users.set(end, rest);
    } else {
      users.delete(end);
      end.leave();
    }
  }
}

/** The channel ends in a value, at any depth of the containers that can cross. */
export function endsIn(value: unknown): readonly End[] {
  const found = new Set<End>();
  collect(value, found, new Set());
  return [...found];
}

function collect(value: unknown, found: Set<End>, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  if (value instanceof End) {
    found.add(value);
    return;
  }
  if (value instanceof Barrier) {
    for (const end of value.ends) found.add(end);
    return;
  }
  seen.add(value);
  for (const inner of contents(value)) collect(inner, found, seen);
}

function contents(value: object): Iterable<unknown> {
  if (Array.isArray(value) || value instanceof Set) return value;
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value instanceof PythonSource) return Object.values(value.bindings);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.values(value) : [];
}
