// The class `Condition`.

import {
  type Handle,
  loadedBinding,
  MulticoreError,
  registerSharedKind,
} from '@multicore-python/core';
import type { WaitOptions } from '../options.js';
import type { Guard } from './guard.js';
import { Lock } from './lock.js';
import { nativeOf, Primitive, waitFor } from './primitive.js';

/**
 * Waiting, inside of a lock, until somebody says that things have changed.
 *
 * @example
 * const changed = new Condition(lock);
 * let guard = await lock.acquire();
 * while (!isReady()) guard = await changed.wait(guard);
 * guard.release();
 */
export class Condition extends Primitive {
  /** Its lock. */
  readonly lock: Lock;

  constructor(lock?: Lock);
  /** @internal */
  constructor(lock: undefined, handle: Handle);
  constructor(lock: Lock | undefined, handle?: Handle) {
    const inside = lock ?? (handle === undefined ? new Lock() : lockOf(handle));
    super(handle ?? loadedBinding().createPrimitive('condition', nativeOf(inside).handle));
    this.lock = inside;
  }

  /**
   * Releases the guard, waits to be notified, and takes the lock again: resolves with the new guard.
   * When it rejects (timeout, abort) the lock is not held.
   */
  async wait(guard: Guard, options?: WaitOptions): Promise<Guard> {
    if (!guard.isHeld) {
      throw new MulticoreError('ERR_INVALID_ARGUMENT', 'this guard was released before');
    }
    // Waiting begins before the lock is released: no notification is missed in between.
    const notified = waitFor(this, options);
    guard.release();
    await notified;
    return this.lock.acquire(
      options?.signal === undefined ? undefined : { signal: options.signal },
    );
  }

  /** Wakes up to `n` who wait; says how many. Hold the lock. */
  notify(n = 1): number {
    const { binding, handle } = nativeOf(this);
    return binding.primitiveDo(handle, 'notify', n) as number;
  }

  /** Wakes all who wait; says how many. */
  notifyAll(): number {
    return this.notify(2 ** 31);
  }
}

function lockOf(condition: Handle): Lock {
  return loadedBinding().primitiveDo(condition, 'lock', 0) as Lock;
}

registerSharedKind('condition', (handle) => new Condition(undefined, handle));
