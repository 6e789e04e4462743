// The interpreters that this environment has objects for: the same one is the same object.

import { type Handle, IdentityMap, releaseWith } from '@multicore-python/core';

const interpreters = new IdentityMap<number, { readonly id: number }>();

/** The living object of an interpreter. */
export function known(id: number): object | undefined {
  return interpreters.get(id);
}

/** Keeps a new object, and gives its handle back when it is collected. */
export function adopt<T extends { readonly id: number }>(interpreter: T, handle: Handle): T {
  interpreters.set(interpreter.id, interpreter);
  releaseWith(interpreter, handle);
  return interpreter;
}
