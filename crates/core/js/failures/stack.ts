// The text of `error.stack`: captured again where the caller's async frames are known, Python's
// frames put above JavaScript's. No error classes here.

import type { NativeFrame } from '../native/binding.js';

/** An error that wants lines of its own between its message and JavaScript's frames. */
export interface WithForeignFrames {
  readonly foreignFrames: readonly NativeFrame[];
}

// Errors that native code was just given and that nobody has seen yet: their stacks are ours to set.
const unseen = new WeakSet<Error>();

/** Says that an error was made on an empty stack. */
export function markUnseen<E extends Error>(error: E): E {
  unseen.add(error);
  return error;
}

/**
 * Gives an error the stack of the code that waits for the promise it rejects. Native code makes
 * errors on an empty stack; called from a promise's rejection handler, this sees the `await`s above.
 * `handler` is that handler: it is left out.
 */
export function recapture(error: unknown, handler: (error: unknown) => unknown = recapture): void {
  // A program's own error that went through Python keeps its stack.
  if (!(error instanceof Error) || !unseen.delete(error)) return;
  Error.captureStackTrace(error, handler);
  showForeignFrames(error);
}

/** Puts the frames of another language into `error.stack`, innermost first, as JavaScript lists its own. */
export function showForeignFrames(error: Error & Partial<WithForeignFrames>): void {
  const frames = error.foreignFrames;
  if (frames === undefined || frames.length === 0) return;
  const stack = error.stack ?? '';
  const head = `${error.name}: ${error.message}`;
  const rest = stack.startsWith(head) ? stack.slice(head.length) : `\n${stack}`;
  const lines = frames.toReversed().map((frame) => `\n    at ${formatFrame(frame)}`);
  setStack(error, head + lines.join('') + rest);
}

function formatFrame(frame: NativeFrame): string {
  const column = frame.column > 0 ? `:${frame.column}` : '';
  return `${frame.function} (${frame.filename}:${frame.line}${column})`;
}

function setStack(error: Error, stack: string): void {
  Object.defineProperty(error, 'stack', {
    value: stack,
    configurable: true,
    writable: true,
    enumerable: false,
  });
}

/**
 * The rejection handler of every promise that native code made: recaptures and rethrows. One
 * function for all, so that a call allocates no closure for it.
 */
export function rethrow(error: unknown): never {
  recapture(error, rethrow);
  throw error;
}
