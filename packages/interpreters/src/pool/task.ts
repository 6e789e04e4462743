// One task: what to call, whom to tell, and where it is. It decides nothing.

import { AsyncResource } from 'node:async_hooks';
import { MulticoreError, timeoutOf } from '@multicore-python/core';
import type { Interpreter } from '../interpreter.js';
import { targetOf } from '../targets.js';
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
  /** What becomes of the result while the interpreter is still this task's. */
  readonly finish?: ((result: unknown, py: Interpreter) => unknown) | undefined;
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

/** A task, from `run` to its end. As an asynchronous resource it keeps the context of who submitted it. */
export class Task extends AsyncResource implements Waiting {
  lane: Waiting['lane'];
  before: Waiting | undefined;
  after: Waiting | undefined;

  readonly priority: number;
  readonly path: string;
  readonly target: string | number;
  readonly args: readonly unknown[] | undefined;
  readonly kwargs: object | undefined;
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  readonly work: Work;
  readonly estimate: Estimate;
  readonly promise: Promise<unknown>;
  readonly submittedAt: number = performance.now();

  state: 'waiting' | 'given' | 'running' | 'ended' = 'waiting';
  slot: Slot | undefined;
  /** The number of its job; 0: it has none. */
  job = 0;
  startedAt = 0;
  /** What its interpreter counted on when it was given. */
  expected = 0;
  stopped: Stopped | undefined;
  timer: NodeJS.Timeout | undefined;
  onAbort: (() => void) | undefined;
  resolve!: (value: unknown) => void;
  reject!: (reason: unknown) => void;

  constructor(work: Work, estimate: Estimate, options: TaskOptions = NO_OPTIONS) {
    super('MulticoreTask', TRIGGERED_BY_ITSELF);
    const { priority = 0, kwargs, signal, onProgress } = options;
    if (typeof priority !== 'number' || Number.isNaN(priority)) {
      throw new MulticoreError(
        'ERR_INVALID_ARGUMENT',
        `priority is ${String(priority)}; give a number`,
      );
    }
    this.priority = priority;
    this.timeout = timeoutOf(options.timeout);
    this.signal = signal;
    this.work = work;
    this.path = work.path;
    this.estimate = estimate;
    const args = work.args?.some(isFunction)
      ? work.args.map((arg) => this.#inContext(arg))
      : work.args;
    if (onProgress === undefined) {
      this.target = targetOf(work.path);
      this.args = args;
      this.kwargs = kwargs;
    } else {
      const listened = withListener(this.bind(onProgress), work.path, args, kwargs);
      this.target = targetOf(listened.path);
      this.args = listened.args;
      this.kwargs = undefined;
    }
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** A function that Python may call runs in the context of who submitted the task. */
  #inContext(arg: unknown): unknown {
    return isFunction(arg) ? this.bind(arg) : arg;
  }
}

const TRIGGERED_BY_ITSELF = { requireManualDestroy: true };

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}
