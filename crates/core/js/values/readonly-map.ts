// A map that nobody can change: what a Python mapping with keys that are not all strings arrives as.

import { describeInstances } from './describers.js';
import { showAs } from './inspect.js';

/**
 * A `ReadonlyMap` without a way to write to it, not even by a cast.
 *
 * @example
 * const names = await receiver.receive(); // Python sent MappingProxyType({1: "one"})
 * names.get(1); // "one"
 */
export class FrozenMap<K, V> implements ReadonlyMap<K, V> {
  readonly #map: ReadonlyMap<K, V>;

  constructor(entries: Iterable<readonly [K, V]>) {
    this.#map = new Map(entries);
    Object.freeze(this);
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  has(key: K): boolean {
    return this.#map.has(key);
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void, thisArg?: unknown): void {
    for (const [key, value] of this.#map) visit.call(thisArg, value, key, this);
  }

  keys(): MapIterator<K> {
    return this.#map.keys();
  }

  values(): MapIterator<V> {
    return this.#map.values();
  }

  entries(): MapIterator<[K, V]> {
    return this.#map.entries();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.#map[Symbol.iterator]();
  }

  get [Symbol.toStringTag](): string {
    return 'FrozenMap';
  }

  static {
    describeInstances<FrozenMap<unknown, unknown>>(FrozenMap, (frozen) => ({
      as: 'value',
      value: frozen.#map,
    }));
    showAs(FrozenMap, (frozen) => frozen.#map);
  }
}
