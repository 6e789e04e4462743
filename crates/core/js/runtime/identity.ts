// One object per native thing: the same interpreter is the same object every time it is seen, for
// as long as somebody holds it. Also gives handles back when nobody does.

import type { Handle } from '../native/binding.js';
import { loadedBinding } from './binding.js';

const handles = new FinalizationRegistry<Handle>((handle) => loadedBinding().release(handle));

/** Gives `handle` back when `owner` is collected. `forget` it first if it was given back before. */
export function releaseWith(owner: object, handle: Handle): void {
  handles.register(owner, handle, owner);
}

/** The handle of `owner` was given back already. */
export function forget(owner: object): void {
  handles.unregister(owner);
}

/** Objects by a key, held weakly. */
export class IdentityMap<K, T extends object> {
  readonly #objects = new Map<K, WeakRef<T>>();
  readonly #dead = new FinalizationRegistry<K>((key) => {
    if (this.#objects.get(key)?.deref() === undefined) this.#objects.delete(key);
  });

  /** The living object under `key`. */
  get(key: K): T | undefined {
    return this.#objects.get(key)?.deref();
  }

  /** Puts an object under `key`. */
  set(key: K, object: T): void {
    this.#objects.set(key, new WeakRef(object));
    this.#dead.register(object, key);
  }
}
