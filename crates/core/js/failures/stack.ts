// The text of `error.stack`: captured again where the caller's async frames are known, another
// language's frames put above JavaScript's when somebody looks. No error classes here.

import type { NativeFrame } from '../native/binding.js';

/** An error that wants lines of its own between its message and JavaScript's frames. */
export interface WithForeignFrames extends Error {
  readonly foreignFrames: readonly NativeFrame[];
  /** Holds JavaScript's frames. */
  readonly callSite: CallSite;
}

/**
 * Where an error was made, or awaited. V8 makes text of what it captured when `stack` is read the
 * first time, which costs ten times as much as capturing: most errors are never looked at.
 */
export interface CallSite {
  readonly name: string;
  readonly message: string;
  readonly stack?: unknown;
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
  Error.captureStackTrace((error as Partial<WithForeignFrames>).callSite ?? error, handler);
}

/** A function, or a class's constructor: frames below it, and its own, are not the program's business. */
export type StackEdge =
  | ((...args: never[]) => unknown)
  | (abstract new (
      ...args: never[]
    ) => Error);

/**
 * Captures JavaScript's frames, those above `below`, and lets `error.stack` show the foreign ones
 * above them, innermost first, as JavaScript lists its own. `null`: there are only foreign ones.
 */
export function showForeignFrames(error: WithForeignFrames, below: StackEdge | null): void {
  if (below !== null) Error.captureStackTrace(error.callSite, below);
  Object.defineProperty(error, 'stack', LAZY_STACK);
}

/** Sets `Error.stackTraceLimit`, unless it is frozen (`node --frozen-intrinsics`). */
export function limitStacks(limit: number): void {
  Reflect.set(Error, 'stackTraceLimit', limit);
}

// One pair of functions for all errors.
const LAZY_STACK: PropertyDescriptor & ThisType<WithForeignFrames> = {
  get() {
    const stack = stackOf(this);
    setStack(this, stack);
    return stack;
  },
  set(stack: unknown) {
    setStack(this, stack);
  },
  configurable: true,
  enumerable: false,
};

function stackOf({ callSite, foreignFrames }: WithForeignFrames): unknown {
  const { stack = '' } = callSite;
  // A program may have its own `Error.prepareStackTrace`, which may make anything of it.
  if (typeof stack !== 'string') return stack;
  const head = `${callSite.name}: ${callSite.message}`;
  const rest = stack === '' || stack.startsWith(head) ? stack.slice(head.length) : `\n${stack}`;
  const lines = foreignFrames.toReversed().map((frame) => `\n    at ${formatFrame(frame)}`);
  return head + lines.join('') + rest;
}

function formatFrame(frame: NativeFrame): string {
  const column = frame.column > 0 ? `:${frame.column}` : '';
  return `${frame.function} (${frame.filename}:${frame.line}${column})`;
}

function setStack(error: Error, stack: unknown): void {
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
