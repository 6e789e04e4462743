// Keeps loops over operations that complete at once from starving the event loop. Nothing about
// channels is known here.

import { soon } from './turns.js';

const STREAK_MAX = 512;

let streak = 0;

/**
 * Counts an operation that completed without waiting. True once in a while: then the caller has to
 * wait for {@link breathe}, so that timers and I/O get their turn.
 */
export function isOutOfBreath(): boolean {
  if (++streak < STREAK_MAX) return false;
  streak = 0;
  return true;
}

/** Resolves after the event loop went round. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    if (!soon(resolve)) setImmediate(resolve);
  });
}
