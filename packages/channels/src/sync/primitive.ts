// What locks, events, conditions and barriers have in common: the native handle and waiting.

import {
  type Binding,
  describeInstances,
  type Handle,
  loadedBinding,
  releaseWith,
  timeoutOf,
  withSignal,
} from '@multicore-python/core';
import type { WaitOptions } from '../options.js';
import { asBroken } from './broken.js';

const NEVER_CANCELLED = 0;

/** What the other files of this folder see of a primitive. */
export interface NativePrimitive {
  readonly binding: Binding;
  readonly handle: Handle;
}

/** The binding and handle of a primitive, for the other files of this folder. */
export let nativeOf: (primitive: Primitive) => NativePrimitive;

/** Something that parties in all interpreters and in JavaScript wait for. It can be sent to Python. */
export abstract class Primitive {
  readonly #handle: Handle;

  /** @internal */
  constructor(handle: Handle) {
    this.#handle = handle;
    releaseWith(this, handle);
  }

  /** A number that no other primitive of the process has: objects with the same number are the same. */
  get id(): number {
    return loadedBinding().primitiveState(this.#handle)[0];
  }

  static {
    nativeOf = (primitive) => ({ binding: loadedBinding(), handle: primitive.#handle });
    describeInstances(Primitive, (primitive) => ({ as: 'shared', handle: primitive.#handle }));
  }
}

/**
 * Starts to wait for a primitive, and turns its failures into errors of this package. `then` gets what
 * starting gave, and says what is to be waited for.
 */
export function waitFor(
  primitive: Primitive,
  options?: WaitOptions,
  then: (started: unknown) => unknown = (started) => started,
): Promise<unknown> {
  try {
    const { binding, handle } = nativeOf(primitive);
    const timeout = timeoutOf(options?.timeout);
    const signal = options?.signal;
    const wait =
      signal === undefined
        ? Promise.resolve(then(binding.primitiveWait(handle, timeout, NEVER_CANCELLED)))
        : withSignal(
            signal,
            (op) => binding.cancelOperation(op),
            (op) => Promise.resolve(then(binding.primitiveWait(handle, timeout, op))),
          );
    return wait.catch((error: unknown) => {
      throw asBroken(error);
    });
  } catch (error) {
    return Promise.reject(asBroken(error));
  }
}
