// The right to be inside of a lock or a semaphore.

import { forget, type Handle, loadedBinding, releaseWith } from '@multicore-python/core';

/**
 * A permit that is held until it is released. A guard of a lock that is collected without having been
 * released breaks the lock.
 *
 * @example
 * {
 *   await using guard = await lock.acquire();
 *   // nobody else is inside
 * }
 */
export class Guard implements Disposable, AsyncDisposable {
  readonly #permit: Handle;
  #isHeld = true;

  /** @internal Made by `acquire()`. */
  constructor(permit: Handle) {
    this.#permit = permit;
    releaseWith(this, permit);
  }

  /** Whether it was not released yet. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Leaves. Releasing twice is harmless. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    forget(this);
    loadedBinding().releasePermit(this.#permit);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }
}
