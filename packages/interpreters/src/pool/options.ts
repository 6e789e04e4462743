// How a pool is made and used. Types only.

import type { CreateOptions } from '../create.js';
import type { CallOptions } from '../options.js';
import type { Callee } from './callee.js';
import type { Replacement } from './replacement.js';

/** How many interpreters a pool has. */
export type PoolSize =
  | {
      /** How many interpreters at most; they start when they are needed, and stay. Default: one for each core. */
      readonly size?: number | undefined;
      readonly min?: undefined;
      readonly max?: undefined;
      readonly idleTimeout?: undefined;
    }
  | {
      readonly size?: undefined;
      /** So many stay, once they were needed. Default: 0. */
      readonly min?: number | undefined;
      /** How many interpreters at most. Default: one for each core. */
      readonly max?: number | undefined;
      /** Milliseconds after which an idle interpreter above `min` is closed. Default: 10,000. */
      readonly idleTimeout?: number | undefined;
    };

/** When an interpreter is replaced by a fresh one, although nothing is wrong with it. */
export interface RecyclePolicy {
  /** After so many tasks; 1: each task gets a fresh one. */
  readonly tasks?: number | undefined;
  /** When its objects hold so many bytes more than after its start. */
  readonly memory?: number | undefined;
}

/** How a pool is made. */
export type PoolOptions = PoolSize &
  Omit<CreateOptions, 'name' | 'isolation'> & {
    /** `own-gil`, the default, uses every core; `shared-gil` takes extension modules that need it. */
    readonly isolation?: 'own-gil' | 'shared-gil' | undefined;
    /** Called in each new interpreter before its first task: `module:function`, or a source. */
    readonly initializer?: Callee | undefined;
    /** What it is called with. */
    readonly initializerArgs?: readonly unknown[] | undefined;
    /**
     * Milliseconds that it has in each interpreter; then that interpreter has failed to start, with `ERR_TIMEOUT`.
     * `Infinity`: as long as it takes. Default: 300,000, five minutes.
     */
    readonly initializerTimeout?: number | undefined;
    /** How many tasks may wait. Default: no limit. */
    readonly queueLimit?: number | undefined;
    /** What `run` does when so many wait: reject with `ERR_POOL_FULL` (the default), or wait for room. */
    readonly whenFull?: 'reject' | 'wait' | undefined;
    /** When interpreters are replaced. Default: only when something is wrong with them. */
    readonly recycle?: RecyclePolicy | undefined;
    /** Told of each interpreter that is replaced, and why. */
    readonly onReplace?: ((replacement: Replacement) => void) | undefined;
    /** Names of its interpreters begin with it. Default: `pool`, with a number. */
    readonly name?: string | undefined;
  };

/** How far a task is. */
export interface Progress {
  readonly done: number;
  /** Undefined: not known. */
  readonly total: number | undefined;
  readonly message: string | undefined;
}

/** What a task takes besides its arguments. `timeout` counts from when it starts, not while it waits. */
export interface TaskOptions extends CallOptions {
  /** Tasks with a greater one go first; equals in their order. Default: 0. */
  readonly priority?: number | undefined;
  /** Told what the task says with `multicore.progress(done, total)`. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How `map` goes through its input. */
export interface MapOptions extends Omit<TaskOptions, 'onProgress'> {
  /** How many items may be under way, or finished and not taken yet; with `chunkSize`, how many chunks. Default: as many as keep every interpreter busy. */
  readonly concurrency?: number | undefined;
  /**
   * How many items are one task, for which the `timeout` is. Default: as many as take about a
   * millisecond, found out as it goes; one if there is a `timeout`, which is for each item then.
   */
  readonly chunkSize?: number | undefined;
  /** Whether results come in the order of the input; else as they are ready. Default: true. */
  readonly ordered?: boolean | undefined;
}

/** How a pool closes. */
export interface PoolCloseOptions {
  /** Milliseconds that tasks have to end; then they are stopped. Default: as long as they take. */
  readonly timeout?: number | undefined;
}

/** How a close ended. */
export interface PoolCloseReport {
  /** Interpreters, of all the pool's life, that could not be ended and were left behind, and why. */
  readonly abandoned: readonly { readonly name: string; readonly reason: string }[];
}
