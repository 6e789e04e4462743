// A Python function that runs in a pool, as a typed TypeScript function.

import { type Callee, nameOf, pathOf } from './callee.js';
import type { MapOptions, TaskOptions } from './options.js';

/**
 * A Python function, typed, that runs in whichever interpreter of a pool is free: one of a module, or a
 * source that ends with a definition or is a `lambda`. It has no `sync`
 * form: that would block the event loop that the pool keeps free.
 *
 * @example
 * const score = pool.function<[text: string], number>("rules:score");
 * await score("text");
 * await score.with({ timeout: 100 }, "text");
 * for await (const one of score.map(texts)) total += one;
 */
export interface PoolFunction<Args extends readonly unknown[], Result> {
  /** Calls it. */
  (...args: Args): Promise<Result>;
  /** Calls it with keyword arguments, a signal, a timeout, a priority or a listener for progress. */
  with(options: TaskOptions, ...args: Args): Promise<Result>;
  /** Calls it for each item of an input, the first argument. */
  map(
    input: Iterable<Args[0]> | AsyncIterable<Args[0]>,
    options?: MapOptions,
  ): AsyncGenerator<Result, void, undefined>;
  /** `module:function`, or the beginning of its source. */
  readonly path: string;
}

/** As much of a pool as a function needs. */
export interface FunctionPool {
  run(what: Callee, args: readonly unknown[], options?: TaskOptions): Promise<unknown>;
  map(
    what: Callee,
    input: Iterable<unknown> | AsyncIterable<unknown>,
    options?: MapOptions,
  ): AsyncGenerator<unknown, void, undefined>;
}

/** Binds what is called to a pool. */
export function bindPoolFunction<Args extends readonly unknown[], Result>(
  pool: FunctionPool,
  what: Callee,
): PoolFunction<Args, Result> {
  // What Python returns is the caller's word: as with every typed foreign function.
  const call = (...args: Args): Promise<Result> => pool.run(what, args) as Promise<Result>;
  return Object.assign(call, {
    with: (options: TaskOptions, ...args: Args): Promise<Result> =>
      pool.run(what, args, options) as Promise<Result>,
    map: (
      input: Iterable<Args[0]> | AsyncIterable<Args[0]>,
      options?: MapOptions,
    ): AsyncGenerator<Result, void, undefined> =>
      pool.map(what, input, options) as AsyncGenerator<Result, void, undefined>,
    path: nameOf(pathOf(what)),
  });
}
