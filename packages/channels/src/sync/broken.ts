// The error of what is broken, and turning native failures into it.

import { ChannelPoisonedError, MulticoreError } from '@multicore-python/core';

/**
 * A lock whose holder went away without releasing it, or a barrier at which a party gave up. What a
 * broken lock guards may be half-changed: nobody gets in any more.
 */
export class BrokenError extends MulticoreError {
  constructor(message: string) {
    super('ERR_BROKEN', message);
  }

  override get name(): string {
    return 'BrokenError';
  }
}

/** Native code says "poisoned" of what waits inside of a primitive: it is broken. */
export function asBroken(error: unknown): unknown {
  if (!(error instanceof ChannelPoisonedError)) return error;
  return new BrokenError(error.reason);
}
