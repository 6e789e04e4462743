// The class `Barrier`.

import {
  type Handle,
  loadedBinding,
  MulticoreError,
  registerSharedKind,
  show,
} from '@multicore-python/core';
import type { WaitOptions } from '../options.js';
import { nativeOf, Primitive, waitFor } from './primitive.js';

/**
 * A place where parties in all interpreters and in JavaScript wait until all of them are there; to be
 * used again and again. A party that gives up waiting, or goes away, breaks it for all.
 *
 * @example
 * const start = new Barrier(3);
 * const jobs = pool.map((py) => py.exec("start.wait()\nwork()", { bind: { start } }));
 * await start.wait();
 */
export class Barrier extends Primitive {
  constructor(parties: number);
  /** @internal */
  constructor(parties: undefined, handle: Handle);
  constructor(parties: number | undefined, handle?: Handle) {
    if (handle === undefined && !(Number.isSafeInteger(parties) && (parties ?? 0) >= 1)) {
      throw new MulticoreError(
        'ERR_INVALID_ARGUMENT',
        `${show(parties)} is no number of parties; give a whole number from 1`,
      );
    }
    super(handle ?? loadedBinding().createPrimitive('barrier', parties ?? 1));
  }

  /** Waits for the others; resolves with how many were there before. */
  async wait(options?: WaitOptions): Promise<number> {
    const signal = options?.signal;
    if (signal?.aborted) throw signal.reason;
    // Arriving and waiting are one: the wait is a promise inside of what arriving gives.
    let index = 0;
    await waitFor(this, options, (arrival) => {
      const [before, others] = arrival as [number, Promise<unknown> | undefined];
      index = before;
      return others;
    });
    return index;
  }

  /** Makes it as new; whoever waits gets a `BrokenError`. */
  reset(): void {
    const { binding, handle } = nativeOf(this);
    binding.primitiveDo(handle, 'reset', 0);
  }

  /** Breaks it until it is reset. */
  abort(): void {
    const { binding, handle } = nativeOf(this);
    binding.primitiveDo(handle, 'abort', 0);
  }

  /** How many parties it is for. */
  get parties(): number {
    const { binding, handle } = nativeOf(this);
    return binding.primitiveState(handle)[2];
  }

  /** How many wait. */
  get waiting(): number {
    const { binding, handle } = nativeOf(this);
    return binding.primitiveState(handle)[1];
  }

  /** Why it is broken, or null. */
  get broken(): string | null {
    const { binding, handle } = nativeOf(this);
    return binding.primitiveState(handle)[3];
  }
}

registerSharedKind('barrier', (handle) => new Barrier(undefined, handle));
