// A Python function of one interpreter as a TypeScript function. The call itself is the interpreter's.

import type { CallOptions, CallSyncOptions } from './options.js';

/**
 * A Python function, typed: call it, call it `sync`, or call it `with` options.
 *
 * @example
 * const mean = py.function<[readonly number[]], number>("statistics:mean");
 * await mean([1, 2, 3]);                          // 2
 * mean.sync([1, 2, 3]);                           // 2, blocking
 * await mean.with({ timeout: 50 }, [1, 2, 3]);    // 2, or ERR_TIMEOUT
 */
export interface PythonFunction<Args extends readonly unknown[], Result> {
  /** Calls it on the interpreter's own thread. */
  (...args: Args): Promise<Result>;
  /** Calls it on this thread and waits. */
  sync(...args: Args): Result;
  /** Calls it with keyword arguments, a signal or a timeout. */
  with(options: CallOptions, ...args: Args): Promise<Result>;
  /** Calls it on this thread with keyword arguments or a timeout. */
  syncWith(options: CallSyncOptions, ...args: Args): Result;
  /** `module:function` */
  readonly path: string;
}

/** The two ways in which a call reaches Python. */
export interface Caller {
  call(path: string, args: readonly unknown[], options: CallOptions | undefined): Promise<unknown>;
  callSync(path: string, args: readonly unknown[], options: CallSyncOptions | undefined): unknown;
}

/** Binds a path to a caller. */
export function bindFunction<Args extends readonly unknown[], Result>(
  caller: Caller,
  path: string,
): PythonFunction<Args, Result> {
  // What Python returns is the caller's word: as with every typed foreign function.
  const call = (...args: Args): Promise<Result> =>
    caller.call(path, args, undefined) as Promise<Result>;
  return Object.assign(call, {
    sync: (...args: Args): Result => caller.callSync(path, args, undefined) as Result,
    with: (options: CallOptions, ...args: Args): Promise<Result> =>
      caller.call(path, args, options) as Promise<Result>,
    syncWith: (options: CallSyncOptions, ...args: Args): Result =>
      caller.callSync(path, args, options) as Result,
    path,
  });
}
