// The class `InterpreterPool`: tasks to interpreters, one each at a time. The queue, mapping and
// the single interpreter have files of their own.

import { availableParallelism } from 'node:os';
import { MulticoreError } from '@multicore-python/core';
import { bindFunction, type PythonFunction } from '../function.js';
import { Interpreter } from '../interpreter.js';
import { mapWith } from './map.js';
import type { MapOptions, PoolOptions, PoolStats, TaskOptions } from './options.js';
import { PriorityQueue } from './queue.js';

/** A task that waits for an interpreter. */
interface Task {
  readonly run: (py: Interpreter) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly settled: () => void;
}

/** An interpreter of the pool. */
interface Slot {
  py: Interpreter | undefined;
  tasks: number;
}

let poolCount = 0;

/**
 * Interpreters that share one queue of tasks: run a Python function on all cores, without blocking
 * the event loop, whatever the function does.
 *
 * Module state stays in an interpreter from task to task; do not rely on which one a task gets.
 *
 * @example
 * await using pool = new InterpreterPool({ path: ["./python"] });
 * const scores = await Promise.all(texts.map((text) => pool.run<number>("rules:score", [text])));
 */
export class InterpreterPool implements AsyncDisposable {
  /** Names of its interpreters begin with it. */
  readonly name: string;
  /** How many interpreters it has at most. */
  readonly size: number;
  readonly #options: PoolOptions;
  readonly #queue = new PriorityQueue<Task>();
  readonly #idle: Slot[] = [];
  readonly #slots = new Set<Slot>();
  readonly #drained: (() => void)[] = [];
  #created = 0;
  #completed = 0;
  #failed = 0;
  #replaced = 0;
  #closing: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: PoolOptions = {}) {
    const { size = availableParallelism() } = options;
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new MulticoreError(
        'ERR_INVALID_ARGUMENT',
        `size is ${String(size)}; give a whole number from 1`,
      );
    }
    poolCount += 1;
    this.#options = options;
    this.name = options.name ?? `pool-${poolCount}`;
    this.size = size;
  }

  /**
   * Calls a Python function in an interpreter of the pool.
   *
   * @example
   * await pool.run<number>("statistics:mean", [[1, 2, 3]], { timeout: 1000 });
   */
  run<T = unknown>(path: string, args?: readonly unknown[], options: TaskOptions = {}): Promise<T> {
    const { priority = 0, ...call } = options;
    return this.#submit(
      (py) => py.call<T>(path, args, call),
      priority,
      options.signal,
    ) as Promise<T>;
  }

  /**
   * A Python function as a TypeScript function that runs in the pool. `sync` forms are refused: they
   * would block the event loop that the pool keeps free.
   *
   * @example
   * const score = pool.function<[string], number>("rules:score");
   * await score("text");
   */
  function<Args extends readonly unknown[] = readonly unknown[], Result = unknown>(
    path: string,
  ): Pick<PythonFunction<Args, Result>, 'path' | 'with'> & ((...args: Args) => Promise<Result>) {
    return bindFunction<Args, Result>(
      {
        call: (target, args, options) => this.run(target, args, options),
        callSync: () => {
          throw new MulticoreError(
            'ERR_INVALID_ARGUMENT',
            'A pool has no synchronous calls; use an Interpreter',
          );
        },
      },
      path,
    );
  }

  /**
   * Calls a function for each item of an input, as an async iterable. The input is read as results
   * are taken: it need not fit in memory. Leaving the loop stops the tasks under way.
   *
   * @example
   * for await (const score of pool.map<string, number>("rules:score", readLines(file))) total += score;
   */
  map<T, R = unknown>(
    path: string,
    input: Iterable<T> | AsyncIterable<T>,
    options: MapOptions = {},
  ): AsyncGenerator<R, void, undefined> {
    const { concurrency = this.size * 2, ordered = true, signal, ...task } = options;
    const controller = new AbortController();
    const either =
      signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
    return mapWith<T, R>(
      input,
      (item) => this.run<R>(path, [item], { ...task, signal: either }),
      { concurrency, ordered },
      () => controller.abort(),
    );
  }

  /**
   * Calls a function once in every interpreter, starting those that did not start yet: to import what
   * tasks will need.
   *
   * @example
   * await pool.each("rules:warm_up");
   */
  async each(path: string, args?: readonly unknown[]): Promise<void> {
    let missing = this.size;
    let everybody: () => void = () => {};
    const all = new Promise<void>((resolve) => {
      everybody = resolve;
    });
    const arrive = (): void => {
      missing -= 1;
      if (missing === 0) everybody();
    };
    const visit = async (): Promise<void> => {
      let isVisited = false;
      try {
        await this.#submit(
          async (py) => {
            isVisited = true;
            // Holds its interpreter until all have one: so none is visited twice.
            await py.call(path, args).finally(arrive);
            await all;
          },
          Number.POSITIVE_INFINITY,
          undefined,
        );
      } finally {
        // One that could not even start must not keep the others.
        if (!isVisited) arrive();
      }
    };
    const results = await Promise.allSettled(Array.from({ length: this.size }, visit));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  /** Figures about its work. */
  stats(): PoolStats {
    return {
      interpreters: this.#slots.size,
      busy: this.#slots.size - this.#idle.length,
      waiting: this.#queue.length,
      completed: this.#completed,
      failed: this.#failed,
      replaced: this.#replaced,
    };
  }

  /** Resolves when no task waits or runs. */
  drain(): Promise<void> {
    if (this.#isQuiet()) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /**
   * Takes no more tasks, lets those that wait or run end until `timeout` is over, then stops them and
   * closes every interpreter.
   *
   * @example
   * await pool.close({ timeout: 5000 });
   */
  close(options: { readonly timeout?: number | undefined } = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeout);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(timeout: number | undefined): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      if (timeout !== undefined) timer = setTimeout(resolve, timeout);
    });
    await Promise.race([this.drain(), late]);
    clearTimeout(timer);
    this.#isClosed = true;
    for (const task of this.#queue.drain()) this.#refuse(task, closed(this.name));
    const interpreters = [...this.#slots].flatMap(({ py }) => py ?? []);
    await Promise.all(interpreters.map((py) => py.close({ timeout: 0 })));
  }

  #submit(
    run: (py: Interpreter) => Promise<unknown>,
    priority: number,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    if (this.#closing !== undefined) return Promise.reject(closed(this.name));
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { queueLimit = Number.POSITIVE_INFINITY } = this.#options;
    const isFull = this.#idle.length === 0 && this.#slots.size >= this.size;
    if (isFull && this.#queue.length >= queueLimit) {
      return Promise.reject(
        new MulticoreError('ERR_POOL_FULL', `${queueLimit} tasks wait in ${this.name} already`),
      );
    }
    return new Promise((resolve, reject) => {
      // While it waits nothing runs that could be cancelled: it only leaves the queue.
      const onAbort = (): void => {
        if (this.#queue.remove(task)) this.#refuse(task, signal?.reason);
      };
      const task: Task = {
        run,
        resolve,
        reject,
        settled: () => signal?.removeEventListener('abort', onAbort),
      };
      signal?.addEventListener('abort', onAbort);
      this.#queue.push(task, priority);
      this.#dispatch();
    });
  }

  #refuse(task: Task, reason: unknown): void {
    this.#failed += 1;
    task.settled();
    task.reject(reason);
    this.#announceQuiet();
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const slot = this.#idle.pop() ?? this.#newSlot();
      if (slot === undefined) return;
      const task = this.#queue.shift();
      if (task !== undefined) void this.#perform(slot, task);
    }
  }

  #newSlot(): Slot | undefined {
    if (this.#slots.size >= this.size) return undefined;
    const slot: Slot = { py: undefined, tasks: 0 };
    this.#slots.add(slot);
    return slot;
  }

  /** Runs one task; never rejects. */
  async #perform(slot: Slot, task: Task): Promise<void> {
    try {
      slot.py ??= await this.#create();
      slot.tasks += 1;
      const value = await task.run(slot.py);
      this.#completed += 1;
      task.resolve(value);
    } catch (error) {
      this.#failed += 1;
      task.reject(error);
      if (!isOrdinary(error)) await this.#retire(slot);
    }
    task.settled();
    if (slot.tasks >= (this.#options.recycleAfter ?? Number.POSITIVE_INFINITY))
      await this.#retire(slot);
    this.#idle.push(slot);
    this.#dispatch();
    this.#announceQuiet();
  }

  async #create(): Promise<Interpreter> {
    const {
      initializer,
      size: _size,
      queueLimit: _limit,
      recycleAfter: _recycle,
      ...options
    } = this.#options;
    this.#created += 1;
    const py = await Interpreter.create({ ...options, name: `${this.name}-${this.#created}` });
    try {
      if (initializer !== undefined) await py.call(initializer);
      if (this.#isClosed) throw closed(this.name);
    } catch (error) {
      await py.close();
      throw error;
    }
    return py;
  }

  /** The next task of this slot gets a fresh interpreter. */
  async #retire(slot: Slot): Promise<void> {
    const { py } = slot;
    slot.py = undefined;
    slot.tasks = 0;
    if (py === undefined) return;
    this.#replaced += 1;
    // What does not stop within this is left behind: it costs its interpreter, not the pool.
    await py.close({ timeout: RETIRE_MS }).catch(() => {});
  }

  #isQuiet(): boolean {
    return this.#queue.length === 0 && this.#idle.length === this.#slots.size;
  }

  #announceQuiet(): void {
    if (!this.#isQuiet()) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}

const RETIRE_MS = 1000;

function closed(name: string): MulticoreError {
  return new MulticoreError('ERR_INTERPRETER_CLOSED', `${name} is closed`);
}

/** Whether an error is a task's own: one after which its interpreter is as good as before. */
function isOrdinary(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return (
    error.code === 'ERR_PYTHON' ||
    error.code === 'ERR_NOT_SHAREABLE' ||
    error.code === 'ERR_ISOLATION' ||
    error.code === 'ERR_INVALID_ARGUMENT'
  );
}
