// A set that nobody can change: what a Python `frozenset` arrives as.

import { describeInstances } from './describers.js';
import { showAs } from './inspect.js';

/**
 * What a set operation asks of its argument: ES2025's `ReadonlySetLike`. That one is in no library that
 * Node 20 has, and a user's compiler need not have it either.
 */
export interface SetLike<T> {
  readonly size: number;
  has(value: T): boolean;
  keys(): Iterator<T>;
}

/**
 * A `ReadonlySet` without a way to write to it, not even by a cast.
 *
 * @example
 * const tags = await receiver.receive(); // Python sent frozenset({"a", "b"})
 * tags.has("a"); // true
 */
export class FrozenSet<T> implements ReadonlySet<T> {
  readonly #set: ReadonlySet<T>;

  constructor(items: Iterable<T>) {
    this.#set = new Set(items);
    Object.freeze(this);
  }

  get size(): number {
    return this.#set.size;
  }

  has(value: T): boolean {
    return this.#set.has(value);
  }

  forEach(visit: (value: T, again: T, set: ReadonlySet<T>) => void, thisArg?: unknown): void {
    for (const value of this.#set) visit.call(thisArg, value, value, this);
  }

  keys(): SetIterator<T> {
    return this.#set.keys();
  }

  values(): SetIterator<T> {
    return this.#set.values();
  }

  entries(): SetIterator<[T, T]> {
    return this.#set.entries();
  }

  union<U>(other: SetLike<U>): Set<T | U> {
    const result = new Set<T | U>(this.#set);
    for (const value of members(other)) result.add(value);
    return result;
  }

  intersection<U>(other: SetLike<U>): Set<T & U> {
    const result = new Set<T & U>();
    for (const value of this.#set) if (other.has(value as T & U)) result.add(value as T & U);
    return result;
  }

  difference<U>(other: SetLike<U>): Set<T> {
    const result = new Set<T>();
    for (const value of this.#set) if (!other.has(value as T & U)) result.add(value);
    return result;
  }

  symmetricDifference<U>(other: SetLike<U>): Set<T | U> {
    const result = new Set<T | U>(this.difference(other));
    for (const value of members(other)) if (!this.#set.has(value as T & U)) result.add(value);
    return result;
  }

  isSubsetOf(other: SetLike<unknown>): boolean {
    for (const value of this.#set) if (!other.has(value)) return false;
    return true;
  }

  isSupersetOf(other: SetLike<unknown>): boolean {
    for (const value of members(other)) if (!this.#set.has(value as T)) return false;
    return true;
  }

  isDisjointFrom(other: SetLike<unknown>): boolean {
    for (const value of this.#set) if (other.has(value)) return false;
    return true;
  }

  [Symbol.iterator](): SetIterator<T> {
    return this.#set[Symbol.iterator]();
  }

  get [Symbol.toStringTag](): string {
    return 'FrozenSet';
  }

  static {
    describeInstances<FrozenSet<unknown>>(FrozenSet, (frozen) => ({
      as: 'value',
      value: frozen.#set,
    }));
    showAs(FrozenSet, (frozen) => frozen.#set);
  }
}

function* members<T>(set: SetLike<T>): Iterable<T> {
  const iterator = set.keys();
  for (let step = iterator.next(); !step.done; step = iterator.next()) yield step.value;
}
