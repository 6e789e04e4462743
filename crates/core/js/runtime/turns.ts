// Turns of the event loop that native code asks for. What they are for, it knows (`polling.rs`,
// `backstop.rs`, `tick.rs`).

import { AsyncResource } from 'node:async_hooks';

// As they were when the package was loaded: a test that fakes timers means its own.
const { setImmediate, setTimeout } = globalThis;

/** What native code does in such a turn is nobody's: not of the asynchronous context in which it asked. */
const context = new AsyncResource('multicore-python', { requireManualDestroy: true });

function run(callback: () => void): void {
  context.runInAsyncScope(callback);
}

/** A clock that somebody else moves, or leaves standing: no turn is certain to come. */
function isFake(timer: object): boolean {
  return 'clock' in timer || '_isMockFunction' in timer;
}

const hasImmediates = !isFake(setImmediate);
const hasTimeouts = !isFake(setTimeout);

/** Calls back when the event loop has gone round; false if that is not certain to happen. */
export function soon(callback: () => void): boolean {
  if (hasImmediates) setImmediate(run, callback);
  return hasImmediates;
}

/** Calls back after some milliseconds; false if that is not certain to happen. */
export function after(callback: () => void, ms: number): boolean {
  if (hasTimeouts) setTimeout(run, ms, callback);
  return hasTimeouts;
}
