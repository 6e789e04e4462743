// The class `Event`.

import { type Handle, loadedBinding, registerSharedKind } from '@multicore-python/core';
import type { WaitOptions } from '../options.js';
import { nativeOf, Primitive, waitFor } from './primitive.js';

/**
 * A flag that parties in all interpreters and in JavaScript wait for.
 *
 * @example
 * const ready = new Event();
 * const job = py.exec("load()\nready.set()", { bind: { ready } });
 * await ready.wait({ timeout: 5000 });
 */
export class Event extends Primitive {
  /** @param handle internal: of an event that arrived. */
  constructor(handle?: Handle) {
    super(handle ?? loadedBinding().createPrimitive('event', 0));
  }

  /** Whether it is set. */
  get isSet(): boolean {
    const { binding, handle } = nativeOf(this);
    return binding.primitiveState(handle)[1] === 1;
  }

  /** Sets it: everybody who waits goes on. */
  set(): void {
    const { binding, handle } = nativeOf(this);
    binding.primitiveDo(handle, 'set', 0);
  }

  /** Clears it: whoever waits from now on waits for the next `set`. */
  clear(): void {
    const { binding, handle } = nativeOf(this);
    binding.primitiveDo(handle, 'clear', 0);
  }

  /** Waits until it is set. */
  async wait(options?: WaitOptions): Promise<void> {
    await waitFor(this, options);
  }
}

registerSharedKind('event', (handle) => new Event(handle));
