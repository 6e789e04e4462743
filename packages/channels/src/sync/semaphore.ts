// The class `Semaphore`.

import {
  type Handle,
  loadedBinding,
  MulticoreError,
  registerSharedKind,
  show,
} from '@multicore-python/core';
import type { WaitOptions } from '../options.js';
import { Guard } from './guard.js';
import { tryAcquire } from './lock.js';
import { nativeOf, Primitive, waitFor } from './primitive.js';

/**
 * So many holders at a time, in all interpreters and JavaScript. Permits of a holder that goes away
 * come back.
 *
 * @example
 * const slots = new Semaphore(4);
 * await using slot = await slots.acquire();
 */
export class Semaphore extends Primitive {
  constructor(permits: number);
  /** @internal */
  constructor(permits: undefined, handle: Handle);
  constructor(permits: number | undefined, handle?: Handle) {
    super(handle ?? loadedBinding().createPrimitive('semaphore', count(permits)));
  }

  /** Waits for a permit. */
  async acquire(options?: WaitOptions): Promise<Guard> {
    return new Guard((await waitFor(this, options)) as Handle);
  }

  /** Takes a permit if there is one. */
  tryAcquire(): Guard | undefined {
    return tryAcquire(this);
  }

  /** Adds permits that nobody took: to say that there is more of something. */
  release(permits = 1): void {
    const { binding, handle } = nativeOf(this);
    binding.primitiveDo(handle, 'add', count(permits));
  }

  /** How many permits nobody holds. */
  get available(): number {
    const { binding, handle } = nativeOf(this);
    return binding.primitiveState(handle)[1];
  }
}

function count(permits: number | undefined): number {
  if (permits !== undefined && Number.isSafeInteger(permits) && permits >= 0) return permits;
  throw new MulticoreError(
    'ERR_INVALID_ARGUMENT',
    `${show(permits)} is no number of permits; give a whole number from 0`,
  );
}

registerSharedKind('semaphore', (handle) => new Semaphore(undefined, handle));
