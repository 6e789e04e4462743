// One task: what to call, whom to tell, and where it is. It decides nothing.

import { AsyncResource } from 'node:async_hooks';
import {
  type JobListener,
  MulticoreError,
  type NativeEach,
  show,
  timeoutOf,
} from '@multicore-python/core';
import type { Interpreter } from '../interpreter.js';
import { targetOf } from '../targets.js';
import { nameOf } from './callee.js';
import type { Estimate } from './estimates.js';
import type { TaskOptions } from './options.js';
import { withListener } from './progress.js';
import type { Waiting } from './queue.js';
import type { Slot } from './slot.js';

/** What a task does: a call, unless it brings a function of its own. */
export interface Work {
  readonly path: string;
  readonly args: readonly unknown[] | undefined;
  /** Instead of a call: anything that takes an interpreter for a while. */
  readonly perform?: ((py: Interpreter) => Promise<unknown>) | undefined;
  /** A chunk of `map`: the function is called for each of these. */
  readonly items?: readonly unknown[] | undefined;
  /** Milliseconds after which no further item of the chunk is begun. */
  readonly budget?: number | undefined;
  /** It is one of several, one for each interpreter: the same object for all of them. */
  readonly broadcast?: object | undefined;
  /** The pool's own: not counted, and told to nobody. */
  readonly isInternal?: boolean | undefined;
}

/** Why a task was stopped. */
export type Stopped =
  | { readonly why: 'timeout' }
  | { readonly why: 'signal'; readonly reason: unknown };

const NO_OPTIONS: TaskOptions = {};

/** A task, from `run` to its end. */
export class Task implements Waiting, JobListener {
  lane: Waiting['lane'];
  before: Waiting | undefined;
  after: Waiting | undefined;

  readonly priority: number;
  /** What it calls, as people are told of it. */
  readonly path: string;
  readonly target: string | number;
  readonly args: readonly unknown[] | undefined;
  readonly kwargs: object | undefined;
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  readonly work: Work;
  readonly estimate: Estimate;
  readonly promise: Promise<unknown>;
  /** Whether it can be handed over together with others like it. */
  readonly isPlain: boolean;
  /** Whether it has one argument. */
  readonly takesItem: boolean;
  readonly submittedAt: number = performance.now();

  state: 'waiting' | 'given' | 'running' | 'ended' = 'waiting';
  slot: Slot | undefined;
  /** The number of its job; 0: it has none. */
  job = 0;
  startedAt = 0;
  /** What its interpreter counted on when it was given. */
  expected = 0;
  stopped: Stopped | undefined;
  /** What became of a chunk. */
  each: NativeEach | undefined;
  timer: NodeJS.Timeout | undefined;
  /** While it waits for room outside of the pool: to give that up. */
  leaveLine: ((reason: unknown) => boolean) | undefined;
  resolve!: (value: unknown) => void;

  constructor(work: Work, estimate: Estimate, options: TaskOptions = NO_OPTIONS) {
    const { priority = 0, signal, onProgress } = options;
    const kwargs = options.kwargs === undefined ? undefined : heardInContext(options.kwargs);
    if (work.args !== undefined && !Array.isArray(work.args)) {
      throw new MulticoreError(
        'ERR_INVALID_ARGUMENT',
        `the arguments of ${nameOf(work.path)} are ${show(work.args)}; give an array`,
      );
    }
    if (typeof priority !== 'number' || Number.isNaN(priority)) {
      throw new MulticoreError(
        'ERR_INVALID_ARGUMENT',
        `priority is ${show(priority)}; give a number`,
      );
    }
    this.priority = priority;
    this.timeout = timeoutOf(options.timeout);
    this.signal = signal;
    this.work = work;
    this.path = nameOf(work.path);
    this.estimate = estimate;
    const args = work.args?.some(isFunction)
      ? work.args.map((arg) => (isFunction(arg) ? inContext(arg) : arg))
      : work.args;
    if (onProgress === undefined) {
      this.target = targetOf(work.path);
      this.args = args;
      this.kwargs = kwargs;
    } else {
      const listened = withListener(inContext(onProgress), work.path, args, kwargs);
      this.target = targetOf(listened.path);
      this.args = listened.args;
      this.kwargs = undefined;
    }
    this.isPlain =
      typeof this.target === 'number' &&
      this.kwargs === undefined &&
      work.items === undefined &&
      work.perform === undefined;
    this.takesItem = this.args?.length === 1;
    this.promise = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  /** How many calls it was. */
  get calls(): number {
    if (this.work.items === undefined) return 1;
    if (this.each === undefined) return 0;
    const [results, , awaits, isOk] = this.each;
    return results.length + (awaits || !isOk ? 1 : 0);
  }

  /** Rejects the promise. */
  reject(reason: unknown): void {
    this.state = 'ended';
    this.resolve(Promise.reject(reason));
  }

  /** Its job has ended. */
  jobEnded(job: number, isOk: boolean, outcome: unknown): void {
    this.slot?.settle(this, job, isOk, outcome);
  }
}

/**
 * A function that Python may call runs in the asynchronous context (AsyncLocalStorage, traces) of who
 * submitted the task. Promises see to everything else: only tasks with such functions pay for this.
 */
function inContext<A extends unknown[], R>(call: (...args: A) => R): (...args: A) => R {
  const resource = new AsyncResource('MulticoreTask');
  return (...args) => resource.runInAsyncScope(() => call(...args));
}

/** The same for keyword arguments. */
function heardInContext(kwargs: Readonly<Record<string, unknown>>): object {
  const entries = Object.entries(kwargs);
  if (!entries.some(([, value]) => isFunction(value))) return kwargs;
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isFunction(value) ? inContext(value) : value]),
  );
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}
