// The class `InterpreterPool`: what users see. Which task goes where is the dispatcher's, going through
// an input is map.ts.

import { MulticoreError, rethrow, show } from '@multicore-python/core';
import type { Interpreter } from '../interpreter.js';
import { type Callee, optionsOf, pathOf } from './callee.js';
import { type MapPool, planMap } from './chunks.js';
import { isTraced, traced, watched } from './diagnostics.js';
import { Dispatcher } from './dispatcher.js';
import { type Estimate, Estimates } from './estimates.js';
import { bindPoolFunction, type PoolFunction } from './function.js';
import { lend, type PoolLease } from './lease.js';
import { keepCompiled, MapIterator } from './map.js';
import type {
  MapOptions,
  PoolCloseOptions,
  PoolCloseReport,
  PoolOptions,
  TaskOptions,
} from './options.js';
import { closed, full } from './outcome.js';
import { count, type Settings, settingsOf } from './settings.js';
import type { PoolStats } from './stats.js';
import { Task, type Work } from './task.js';

const NOT_KNOWN: Estimate = { ms: Number.POSITIVE_INFINITY };

/**
 * Interpreters that share one queue of tasks: run a Python function on all cores, without blocking
 * the event loop, whatever the function does.
 *
 * Module state stays in an interpreter from task to task; do not rely on which one a task gets. What
 * a task leaves in `__main__` is gone after it. A task that is stopped, or leaves threads behind,
 * costs its interpreter, which is replaced.
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
  readonly #settings: Settings;
  readonly #dispatcher: Dispatcher;
  readonly #estimates = new Estimates();
  readonly #mapPool: MapPool;
  #closing: Promise<PoolCloseReport> | undefined;
  #hurry: () => void = () => {};

  constructor(options: PoolOptions = {}) {
    this.#settings = settingsOf(options);
    this.#dispatcher = new Dispatcher(this.#settings);
    this.name = this.#settings.name;
    this.size = this.#settings.max;
    this.#mapPool = {
      size: this.size,
      mustCount: this.#settings.recycleTasks < Infinity,
      estimate: (task) => this.#estimates.of(task),
      submit: (work, task, made) => this.#trace(work, task, made, true),
      abandon: (task, reason) => this.#dispatcher.abandon(task, reason),
    };
  }

  /**
   * Calls a Python function in an interpreter of the pool: one of a module, or a source.
   *
   * A source that ends with `def` or `class` is what it defines: it runs once in each interpreter. Any
   * other source runs for each task, in a namespace of its own, and is worth its last line, if that is an
   * expression.
   *
   * @example
   * await pool.run<number>("statistics:mean", [[1, 2, 3]], { timeout: 1000 });
   * await pool.run<number>(python`
   *   import statistics
   *   statistics.mean(${values})
   * `);
   */
  run<T = unknown>(what: Callee, args?: readonly unknown[], options?: TaskOptions): Promise<T> {
    const work = { path: pathOf(what), args };
    // Gives errors the stack of whoever awaits them.
    return this.#trace(work, optionsOf(what, options)).catch(rethrow) as Promise<T>;
  }

  /**
   * A Python function as a typed TypeScript function that runs in the pool.
   *
   * @example
   * const score = pool.function<[text: string], number>("rules:score");
   * await score("text");
   * const double = pool.function<[n: number], number>(python`lambda n: 2 * n`);
   * await double(21);
   */
  function<Args extends readonly unknown[] = readonly unknown[], Result = unknown>(
    what: Callee,
  ): PoolFunction<Args, Result> {
    return bindPoolFunction<Args, Result>(this, what);
  }

  /**
   * Calls a function for each item of an input, as an async iterable. The input is read as results
   * are taken: it need not fit in memory. Leaving the loop stops the tasks under way.
   *
   * @example
   * for await (const score of pool.map<string, number>("rules:score", readLines(file))) total += score;
   */
  map<T, R = unknown>(
    what: Callee,
    input: Iterable<T> | AsyncIterable<T>,
    options: MapOptions = {},
  ): AsyncGenerator<R, void, undefined> {
    if (!isIterable(input)) {
      throw new MulticoreError(
        'ERR_INVALID_ARGUMENT',
        `the input of map is ${show(input)}; give an iterable or an asynchronous iterable`,
      );
    }
    keepCompiled();
    const { source, plan } = planMap<T, R>(
      this.#mapPool,
      pathOf(what),
      optionsOf(what, options) ?? options,
    );
    return new MapIterator(input, source, plan);
  }

  /**
   * `map` whose results come as they are ready, as `imap_unordered` of Python's multiprocessing.
   *
   * @example
   * for await (const size of pool.imapUnordered<string, number>("os.path:getsize", files)) total += size;
   */
  imapUnordered<T, R = unknown>(
    what: Callee,
    input: Iterable<T> | AsyncIterable<T>,
    options: Omit<MapOptions, 'ordered'> = {},
  ): AsyncGenerator<R, void, undefined> {
    return this.map<T, R>(what, input, { ...options, ordered: false });
  }

  /**
   * Calls a function once in every interpreter, starting those that did not start yet (`min` of them
   * if there is a `min`): to import what tasks will need. One that is started later does not see it:
   * use `initializer` for what tasks cannot do without.
   *
   * @example
   * await pool.each("rules:warm_up");
   */
  each<T = unknown>(what: Callee, args?: readonly unknown[], options?: TaskOptions): Promise<T[]> {
    if (this.#closing !== undefined) return Promise.reject(closed(this.name));
    if (options?.signal?.aborted === true) return Promise.reject(options.signal.reason);
    try {
      const path = pathOf(what);
      const work = { path, args, broadcast: {} };
      const all = optionsOf(what, options);
      const results = this.#dispatcher.submitToEach(() =>
        watched(this.name, new Task(work, this.#estimates.of(path), all)),
      );
      return results.catch(rethrow) as Promise<T[]>;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Takes an interpreter out of the pool for one user alone: for work that needs several calls in the
   * same one. Takes less than 0.1 ms if one is idle.
   *
   * @example
   * await using lease = await pool.take();
   * await lease.interpreter.exec("import rules; state = rules.State()");
   */
  take(options?: Pick<TaskOptions, 'signal' | 'priority'>): Promise<PoolLease> {
    return new Promise((resolve, reject) => {
      const perform = (py: Interpreter): Promise<void> => lend(py, resolve);
      this.#submit({ path: 'InterpreterPool.take', args: undefined, perform }, options).catch(
        reject,
      );
    });
  }

  /**
   * Resolves when a task would neither be refused nor wait outside, in the order of the calls.
   *
   * @example
   * for await (const job of jobs) {
   *   await pool.room();
   *   void pool.run("jobs:work", [job]).catch(report);
   * }
   */
  room(options: Pick<TaskOptions, 'signal'> = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        if (this.#closing !== undefined) {
          reject(closed(this.name));
          return;
        }
        this.#dispatcher.doorman.promise();
        resolve();
      };
      if (options.signal?.aborted === true) reject(options.signal.reason);
      else this.#dispatcher.doorman.wait(enter, reject, options.signal);
    });
  }

  /** Figures about its work. */
  stats(): PoolStats {
    const dispatcher = this.#dispatcher;
    const { slots } = dispatcher;
    const now = performance.now();
    let busyMs = dispatcher.pastBusyMs;
    let lifeMs = dispatcher.pastLifeMs;
    for (const slot of slots) {
      busyMs += slot.busyUntil(now);
      lifeMs += now - slot.bornAt;
    }
    const busy = slots.filter((slot) => slot.jobs.some(({ work }) => work.isInternal !== true));
    return {
      interpreters: slots.length,
      busy: busy.length,
      starting: dispatcher.starting,
      running: busy.length,
      waiting: dispatcher.waiting,
      completed: dispatcher.completed,
      failed: dispatcher.failed,
      replaced: dispatcher.replaced,
      abandoned: dispatcher.crew.abandoned.length,
      utilization: lifeMs === 0 ? 0 : Math.min(1, busyMs / lifeMs),
      runTime: dispatcher.runTimes.stats(),
      waitTime: dispatcher.waitTimes.stats(),
    };
  }

  /**
   * Resolves when no task waits or runs.
   *
   * @example
   * await pool.drain();
   */
  drain(): Promise<void> {
    return this.#dispatcher.doorman.quiet();
  }

  /**
   * Takes no more tasks, lets those that wait or run end until `timeout` is over, then stops them and
   * closes every interpreter. Called again with a shorter `timeout`, it hurries.
   *
   * @example
   * await pool.close({ timeout: 5000 });
   */
  close(options: PoolCloseOptions = {}): Promise<PoolCloseReport> {
    const { timeout } = options;
    if (timeout !== undefined) count('timeout', Math.ceil(timeout), 0);
    this.#closing ??= this.#close();
    if (timeout !== undefined) {
      const hurrying = setTimeout(() => this.#hurry(), timeout);
      void this.#closing.finally(() => clearTimeout(hurrying));
    }
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<PoolCloseReport> {
    const dispatcher = this.#dispatcher;
    dispatcher.isClosing = true;
    const late = new Promise<void>((resolve) => {
      this.#hurry = resolve;
    });
    await Promise.race([this.drain(), late]);
    await dispatcher.close();
    return { abandoned: dispatcher.crew.abandoned };
  }

  /** As `#submit`; tracing tools see it. */
  #trace(
    work: Work,
    options: TaskOptions | undefined,
    told?: (task: Task) => void,
    waitsWhenFull?: boolean,
  ): Promise<unknown> {
    if (!isTraced()) return this.#submit(work, options, told, waitsWhenFull);
    const submit = (made: (task: Task) => void): Promise<unknown> => {
      const both = (task: Task): void => {
        made(task);
        told?.(task);
      };
      return this.#submit(work, options, both, waitsWhenFull);
    };
    return traced(this.name, work.path, submit);
  }

  #submit(
    work: Work,
    options: TaskOptions | undefined,
    made?: (task: Task) => void,
    waitsWhenFull: boolean = this.#settings.waitsWhenFull,
  ): Promise<unknown> {
    if (this.#closing !== undefined) return Promise.reject(closed(this.name));
    const signal = options?.signal;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    let task: Task;
    try {
      const estimate =
        work.perform === undefined ? this.#estimates.of(work.path) : { ...NOT_KNOWN };
      task = new Task(work, estimate, options);
    } catch (error) {
      return Promise.reject(error);
    }
    made?.(task);
    const { doorman } = this.#dispatcher;
    if (!doorman.isFull) {
      this.#dispatcher.submit(task);
    } else if (waitsWhenFull) {
      const enter = (): void => this.#dispatcher.submit(task);
      task.leaveLine = doorman.wait(enter, (reason) => task.reject(reason), signal);
    } else {
      return Promise.reject(full(this.name, this.#settings.queueLimit));
    }
    return task.promise;
  }
}

function isIterable(value: unknown): boolean {
  const object = Object(value) as object;
  return Symbol.iterator in object || Symbol.asyncIterator in object;
}
