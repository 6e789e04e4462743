// AbortSignal for native operations: numbers to cancel by, listeners that are always removed. Only
// operations that were given a signal come here.

import { MulticoreError } from '../errors.js';
import { recapture } from '../failures/stack.js';

let last = 0;

/** A number for a job or an operation, unique in this environment; 0 is never one. */
export function nextNumber(): number {
  last = last === Number.MAX_SAFE_INTEGER ? 1 : last + 1;
  return last;
}

/** The first of so many numbers in a row. */
export function nextNumbers(count: number): number {
  if (last > Number.MAX_SAFE_INTEGER - count) last = 0;
  last += count;
  return last - count + 1;
}

/**
 * Runs an operation that `signal` can stop. Rejects with `signal.reason`, as Node's own functions do,
 * and runs nothing if the signal was aborted before.
 */
export function withSignal<T>(
  signal: AbortSignal,
  cancel: (number: number) => void,
  run: (number: number) => Promise<T>,
): Promise<T> {
  if (typeof signal?.addEventListener !== 'function')
    throw new MulticoreError('ERR_INVALID_ARGUMENT', 'signal is not an AbortSignal');
  if (signal.aborted) return Promise.reject(signal.reason);
  const number = nextNumber();
  const onAbort = (): void => cancel(number);
  signal.addEventListener('abort', onAbort);
  const running = run(number);
  // A getter that was read for it may have aborted: there was nothing to cancel yet.
  if (signal.aborted) cancel(number);
  return running.then(
    (value) => {
      signal.removeEventListener('abort', onAbort);
      return value;
    },
    (error: unknown) => {
      signal.removeEventListener('abort', onAbort);
      if (isAborted(error) && signal.aborted) throw signal.reason;
      recapture(error);
      throw error;
    },
  );
}

function isAborted(error: unknown): boolean {
  return error instanceof MulticoreError && error.code === 'ERR_ABORTED';
}
