// Checks the numbers that programs make values of. Reading those that come from native code is in fields.ts.

import { MulticoreError } from '../errors.js';

/** The number itself. */
export function numberOf(value: number, what: string): number {
  if (typeof value === 'number') return value;
  throw new MulticoreError('ERR_INVALID_ARGUMENT', `${what} is not a number but a ${typeof value}`);
}
