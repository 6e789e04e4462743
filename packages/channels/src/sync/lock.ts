// The class `Lock`.

import { type Handle, loadedBinding, registerSharedKind } from '@multicore-python/core';
import type { WaitOptions } from '../options.js';
import { asBroken } from './broken.js';
import { Guard } from './guard.js';
import { nativeOf, Primitive, waitFor } from './primitive.js';

/**
 * A lock for all interpreters and JavaScript: one holder at a time, who waits longest is next. In
 * Python it is a `multicore.sync.Lock`. Taking it twice without releasing it waits for ever; an `RLock`
 * of Python is such a lock here.
 *
 * If its holder goes away without releasing it (an interpreter that ends, a Worker that is terminated),
 * it breaks: everybody else gets a `BrokenError`.
 *
 * @example
 * const lock = new Lock();
 * await py.exec("with lock: counter[0] += 1", { bind: { lock, counter } });
 * await using guard = await lock.acquire({ timeout: 1000 });
 */
export class Lock extends Primitive {
  /** @param handle internal: of a lock that arrived. */
  constructor(handle?: Handle) {
    super(handle ?? loadedBinding().createPrimitive('lock', 1));
  }

  /** Waits until nobody else holds it, and takes it. */
  async acquire(options?: WaitOptions): Promise<Guard> {
    return new Guard((await waitFor(this, options)) as Handle);
  }

  /** Takes it if nobody holds it. */
  tryAcquire(): Guard | undefined {
    return tryAcquire(this);
  }

  /** Runs `inside` while holding it. */
  async with<T>(inside: () => T | Promise<T>, options?: WaitOptions): Promise<T> {
    const guard = await this.acquire(options);
    try {
      return await inside();
    } finally {
      guard.release();
    }
  }

  /** Whether somebody holds it. */
  get isLocked(): boolean {
    const { binding, handle } = nativeOf(this);
    return binding.primitiveState(handle)[1] === 0;
  }

  /** Why it is broken, or null. */
  get broken(): string | null {
    const { binding, handle } = nativeOf(this);
    return binding.primitiveState(handle)[3];
  }
}

/** A guard of a lock or a semaphore if that needs no waiting. */
export function tryAcquire(primitive: Primitive): Guard | undefined {
  try {
    const { binding, handle } = nativeOf(primitive);
    const permit = binding.primitiveDo(handle, 'try', 0) as Handle | undefined;
    return permit === undefined ? undefined : new Guard(permit);
  } catch (error) {
    throw asBroken(error);
  }
}

registerSharedKind('lock', (handle) => new Lock(handle));
