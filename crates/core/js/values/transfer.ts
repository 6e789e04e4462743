// Memory that JavaScript gives away, and memory of others that it lets go of. What typed arrays cross
// as otherwise is decided by native code.

import { MulticoreError } from '../errors.js';
import type { Handle } from '../native/binding.js';
import { loadedBinding } from '../runtime/binding.js';
import { releaseWith } from '../runtime/identity.js';
import { describeInstances } from './describers.js';

/** Typed arrays that Python has a format for. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/**
 * Memory on its way to a new owner, made by {@link transfer}. Whoever receives it gets the memory
 * itself: a writable `memoryview` in Python, a typed array in JavaScript. It is received once.
 */
export class Transferred {
  readonly #handle: Handle;

  /** @internal Made by `transfer()`. */
  constructor(handle: Handle) {
    this.#handle = handle;
    releaseWith(this, handle);
  }

  /**
   * Takes the memory back, if nobody received it: after a send that was refused or aborted.
   *
   * @example
   * const pixels = transferred.take();
   */
  take(): TypedArray {
    return loadedBinding().takeTransfer(this.#handle) as TypedArray;
  }

  static {
    describeInstances(Transferred, (transferred) => ({
      as: 'shared',
      handle: transferred.#handle,
    }));
  }
}

/**
 * Gives memory away without copying it: the array and all others of its `ArrayBuffer` are empty from
 * now on, as after `postMessage` with a transfer list. 1 KB and 1 GB cost the same.
 *
 * @example
 * const samples = new Float64Array(1_000_000);
 * await sender.send(transfer(samples));
 * samples.length; // 0
 */
export function transfer(memory: TypedArray | ArrayBuffer): Transferred {
  const array = memory instanceof ArrayBuffer ? bytesOf(memory) : memory;
  return new Transferred(loadedBinding().transferMemory(array));
}

function bytesOf(buffer: ArrayBuffer): Uint8Array {
  try {
    return new Uint8Array(buffer);
  } catch {
    throw new MulticoreError('ERR_INVALID_ARGUMENT', 'this memory was transferred away');
  }
}

/**
 * Lets go of a typed array over memory that Python owns, without waiting for the garbage collector.
 * The array is empty from then on. An interpreter ends only when all views of its memory were let go.
 * False: the array is not of such memory.
 *
 * @example
 * const view = await py.evaluate<Float64Array>('memoryview(samples).toreadonly()');
 * const total = view.reduce((sum, sample) => sum + sample);
 * releaseView(view);
 */
export function releaseView(view: TypedArray): boolean {
  return loadedBinding().releaseView(view);
}
