// How a pool is made and what it says about itself. Types only.

import type { CreateOptions } from '../create.js';
import type { CallOptions } from '../options.js';

/** How a pool is made. */
export interface PoolOptions extends Omit<CreateOptions, 'name'> {
  /** How many interpreters at most; they start when they are needed. Default: one for each core. */
  readonly size?: number | undefined;
  /** Called in each new interpreter before its first task: `module:function`. */
  readonly initializer?: string | undefined;
  /** How many tasks may wait before `run` rejects with `ERR_POOL_FULL`. Default: no limit. */
  readonly queueLimit?: number | undefined;
  /** An interpreter is replaced by a fresh one after so many tasks. Default: never. */
  readonly recycleAfter?: number | undefined;
  /** Names of its interpreters begin with it. Default: `pool`, with a number. */
  readonly name?: string | undefined;
}

/** What a task takes besides its arguments. `timeout` counts from when it starts, not while it waits. */
export interface TaskOptions extends CallOptions {
  /** Tasks with a greater one go first; equals in their order. Default: 0. */
  readonly priority?: number | undefined;
}

/** How `map` goes through its input. */
export interface MapOptions extends Omit<TaskOptions, 'kwargs'> {
  /** How many tasks may be under way or finished and not taken yet. Default: twice the pool's size. */
  readonly concurrency?: number | undefined;
  /** Whether results come in the order of the input; else as they are ready. Default: true. */
  readonly ordered?: boolean | undefined;
}

/** Figures about a pool. */
export interface PoolStats {
  /** How many interpreters live. */
  readonly interpreters: number;
  /** How many of them run a task. */
  readonly busy: number;
  /** How many tasks wait. */
  readonly waiting: number;
  /** How many tasks ended well. */
  readonly completed: number;
  /** How many tasks failed, timed out or were aborted. */
  readonly failed: number;
  /** How many interpreters were replaced. */
  readonly replaced: number;
}
