// Checks the `timeout` option that every waiting operation takes. Milliseconds everywhere.

import { MulticoreError } from '../errors.js';
import { show } from '../show.js';

/** The timeout for native code: Infinity when none was given. */
export function timeoutOf(timeout: number | undefined): number {
  if (timeout === undefined) return Number.POSITIVE_INFINITY;
  if (typeof timeout === 'number' && timeout >= 0) return timeout;
  throw new MulticoreError(
    'ERR_INVALID_ARGUMENT',
    `timeout is ${show(timeout)}; give milliseconds, 0 or more`,
  );
}
