// The class `Interpreter`: one Python interpreter with a thread of its own. It only passes on to
// native code; sources, outputs, functions and errors have files of their own.

import type { Readable } from 'node:stream';
import {
  type Binding,
  describeInstances,
  type Handle,
  loadedBinding,
  MulticoreError,
  type NativeInterpreterInfo,
  registerSharedKind,
  rethrow,
  runningBinding,
  startedBinding,
  startedBindingSync,
  timeoutOf,
  withSignal,
} from '@multicore-python/core';
import { type CreateOptions, isMain, nativeOptions, outlets } from './create.js';
import { bindFunction, type PythonFunction } from './function.js';
import { receiveGenerators } from './generator.js';
import { letInside } from './inside.js';
import { namedCall } from './keywords.js';
import { adopt, known } from './known.js';
import {
  bindingsOf,
  type CallOptions,
  type CallSyncOptions,
  type SourceLike,
  type SourceOptions,
  type SourceSyncOptions,
  textOf,
} from './options.js';
import { endOutlet, type Outlet } from './output.js';
import type { CloseReport, InterpreterState, InterpreterStats, Isolation } from './reports.js';
import { targetOf } from './targets.js';

const FOREVER = Number.POSITIVE_INFINITY;
const NEVER_CANCELLED = 0;

/**
 * A Python interpreter. It runs its jobs one at a time, in order, on a thread of its own, and, unless
 * created otherwise, with a GIL of its own: several run on several cores.
 *
 * @example
 * await using py = await Interpreter.create({ name: "worker" });
 * await py.exec("import statistics");
 * await py.evaluate<number>("statistics.mean([1, 2, 3])"); // 2
 */
export class Interpreter implements AsyncDisposable {
  /** CPython's id; 0 is the main interpreter. */
  readonly id: number;
  /** Unique among the living. */
  readonly name: string;
  /** What it shares with the others. */
  readonly isolation: Isolation;
  /** Whether Python code inside may start threads. */
  readonly serial: boolean;
  /** What Python printed, if created with `stdout: 'pipe'`. */
  readonly stdout: Readable | null;
  /** What Python wrote to stderr, if created with `stderr: 'pipe'`. */
  readonly stderr: Readable | null;

  readonly #binding: Binding;
  readonly #handle: Handle;
  #closing: Promise<CloseReport> | undefined;

  /** @internal Use {@link Interpreter.create}. */
  constructor(
    key: typeof KEY,
    binding: Binding,
    handle: Handle,
    info: NativeInterpreterInfo,
    streams: Streams,
  ) {
    if (key !== KEY) throw new MulticoreError('ERR_INVALID_ARGUMENT', 'Use Interpreter.create()');
    this.#binding = binding;
    this.#handle = handle;
    this.id = info.id;
    this.name = info.name;
    this.isolation = info.isolation;
    this.serial = info.serial;
    this.stdout = streams.stdout;
    this.stderr = streams.stderr;
  }

  /**
   * Creates an interpreter, and starts CPython if it is the first.
   *
   * @example
   * await using py = await Interpreter.create({ path: ["./python"], stdout: "pipe" });
   */
  static async create(options: CreateOptions = {}): Promise<Interpreter> {
    if (isMain(options)) return Interpreter.main();
    const binding = await startedBinding();
    const out = outlets(options);
    const handle = await binding.createInterpreter(nativeOptions(options, out)).catch(rethrow);
    return wrap(binding, handle, undefined, out);
  }

  /**
   * Creates an interpreter while the caller waits, about 10 ms.
   *
   * @example
   * const py = Interpreter.createSync();
   */
  static createSync(options: CreateOptions = {}): Interpreter {
    const binding = startedBindingSync();
    if (isMain(options)) return wrap(binding, binding.mainInterpreter());
    const out = outlets(options);
    return wrap(
      binding,
      binding.createInterpreterSync(nativeOptions(options, out)),
      undefined,
      out,
    );
  }

  /**
   * Every living interpreter of the process, the main one first; empty before the first was created.
   *
   * @example
   * for (const py of Interpreter.list()) console.log(py.name, py.state);
   */
  static list(): Interpreter[] {
    const binding = runningBinding();
    return binding === undefined
      ? []
      : binding.listInterpreters().map((handle) => wrap(binding, handle));
  }

  /**
   * A living interpreter by its id or name.
   *
   * @example
   * Interpreter.get("worker")?.interrupt();
   */
  static get(idOrName: number | string): Interpreter | undefined {
    return Interpreter.list().find((py) => py.id === idOrName || py.name === idOrName);
  }

  /**
   * The main interpreter: for extension modules that run nowhere else. Starts CPython if need be.
   *
   * @example
   * const main = await Interpreter.main();
   * await main.exec("import numpy");
   */
  static async main(): Promise<Interpreter> {
    const binding = await startedBinding();
    return wrap(binding, binding.mainInterpreter());
  }

  /** What it is doing. */
  get state(): InterpreterState {
    return this.#binding.interpreterState(this.#handle);
  }

  /**
   * Runs statements in `__main__`. Names that `bind` or a source binds stay there.
   *
   * @example
   * await py.exec("import json\nconfig = json.loads(text)", { bind: { text: "{}" } });
   */
  exec(source: SourceLike, options?: SourceOptions): Promise<void> {
    return this.#source('exec', source, options) as Promise<void>;
  }

  /**
   * Evaluates an expression in `__main__`. Names that are bound are seen by this expression alone.
   *
   * @example
   * const squares = await py.evaluate<number[]>("[n * n for n in range(limit)]", { bind: { limit: 4 } });
   */
  evaluate<T = unknown>(source: SourceLike, options?: SourceOptions): Promise<T> {
    return this.#source('evaluate', source, options) as Promise<T>;
  }

  /**
   * Calls a function: `module:function`, `module:Class.method`, or the name of one in `__main__`.
   *
   * @example
   * await py.call<string>("textwrap:shorten", ["Hello world"], { kwargs: { width: 8 } });
   */
  call<T = unknown>(path: string, args?: readonly unknown[], options?: CallOptions): Promise<T> {
    try {
      const binding = this.#binding;
      const target = targetOf(path);
      if (options === undefined) {
        const called = areFew(args, binding)
          ? binding.invoke(this.#handle, target, ...args)
          : binding.call(this.#handle, target, args, undefined, FOREVER, NEVER_CANCELLED);
        return called.catch(rethrow) as Promise<T>;
      }
      const { kwargs, signal } = options;
      const timeout = timeoutOf(options.timeout);
      if (signal === undefined) {
        const named =
          kwargs !== undefined && timeout === FOREVER && namedCall(args, kwargs, binding);
        if (named) {
          return binding
            .invokeNamed(this.#handle, target, named.names, ...named.values)
            .catch(rethrow) as Promise<T>;
        }
        return binding
          .call(this.#handle, target, args, kwargs, timeout, NEVER_CANCELLED)
          .catch(rethrow) as Promise<T>;
      }
      return withSignal(
        signal,
        (job) => binding.cancelJob(job),
        (job) => binding.call(this.#handle, target, args, kwargs, timeout, job) as Promise<T>,
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Runs statements on this thread, now. A busy interpreter is an error, not a wait.
   *
   * @example
   * py.execSync("counter = 0");
   */
  execSync(source: SourceLike, options?: SourceSyncOptions): void {
    const bind = bindingsOf(source, options?.bind);
    this.#binding.execSync(
      this.#handle,
      textOf(source),
      options?.filename,
      bind,
      timeoutOf(options?.timeout),
    );
  }

  /**
   * Evaluates an expression on this thread, now. A busy interpreter is an error, not a wait.
   *
   * @example
   * py.evaluateSync<number>("6 * 7"); // 42
   */
  evaluateSync<T = unknown>(source: SourceLike, options?: SourceSyncOptions): T {
    const bind = bindingsOf(source, options?.bind);
    const timeout = timeoutOf(options?.timeout);
    return this.#binding.evaluateSync(
      this.#handle,
      textOf(source),
      options?.filename,
      bind,
      timeout,
    ) as T;
  }

  /**
   * Calls a function on this thread, now. A busy interpreter is an error, not a wait.
   *
   * Gotcha: what Python keeps per thread (`threading.local`, sqlite3 connections) is this thread's,
   * not the interpreter's own.
   *
   * @example
   * py.callSync<number>("math:hypot", [3, 4]); // 5
   */
  callSync<T = unknown>(path: string, args?: readonly unknown[], options?: CallSyncOptions): T {
    const binding = this.#binding;
    if (options === undefined) {
      return (
        areFew(args, binding)
          ? binding.invokeSync(this.#handle, targetOf(path), ...args)
          : binding.callSync(this.#handle, targetOf(path), args, undefined, FOREVER)
      ) as T;
    }
    const { kwargs } = options;
    const timeout = timeoutOf(options.timeout);
    const target = targetOf(path);
    const named = kwargs !== undefined && timeout === FOREVER && namedCall(args, kwargs, binding);
    return (
      named
        ? binding.invokeNamedSync(this.#handle, target, named.names, ...named.values)
        : binding.callSync(this.#handle, target, args, kwargs, timeout)
    ) as T;
  }

  /**
   * A Python function as a typed TypeScript function.
   *
   * @example
   * const mean = py.function<[readonly number[]], number>("statistics:mean");
   * await mean([1, 2, 3]); // 2
   */
  function<Args extends readonly unknown[] = readonly unknown[], Result = unknown>(
    path: string,
  ): PythonFunction<Args, Result> {
    return bindFunction<Args, Result>(this, path);
  }

  /**
   * Sets variables in `__main__`.
   *
   * @example
   * await py.prepareMain({ limit: 10 });
   */
  prepareMain(bind: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      return this.#binding.prepareMain(this.#handle, bind).catch(rethrow);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Stops the running job: it rejects with `ERR_INTERRUPTED`, and the interpreter goes on with the
   * next. Nothing happens if none runs.
   *
   * @example
   * process.on("SIGINT", () => py.interrupt());
   */
  interrupt(): void {
    this.#binding.interrupt(this.#handle);
  }

  /** Figures about its work and its memory. */
  stats(): InterpreterStats {
    return this.#binding.interpreterStats(this.#handle);
  }

  /**
   * Closes: jobs that wait are refused, the running one is waited for, until `timeout` is over, then
   * stopped. An interpreter that does not even stop then is left behind, and the report says so.
   *
   * The main interpreter lives as long as the process: closing it does nothing, and the report says so.
   *
   * @example
   * const { abandoned } = await py.close({ timeout: 1000 });
   * if (abandoned !== null) console.warn(abandoned);
   */
  close(options: { readonly timeout?: number | undefined } = {}): Promise<CloseReport> {
    if (this.isolation === 'main') return Promise.resolve(MAIN_STAYS);
    this.#closing ??= this.#close(timeoutOf(options.timeout));
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  static {
    describeInstances(Interpreter, (py) => ({ as: 'shared', handle: py.#handle }));
    letInside((py: Interpreter) => ({ binding: py.#binding, handle: py.#handle }));
  }

  async #close(timeout: number): Promise<CloseReport> {
    const report = await this.#binding.closeInterpreter(this.#handle, timeout).catch(rethrow);
    endOutlet(this.stdout);
    endOutlet(this.stderr);
    return report;
  }

  #source(
    method: 'exec' | 'evaluate',
    source: SourceLike,
    options: SourceOptions | undefined,
  ): Promise<unknown> {
    try {
      const binding = this.#binding;
      const text = textOf(source);
      const bind = bindingsOf(source, options?.bind);
      const filename = options?.filename;
      const timeout = timeoutOf(options?.timeout);
      const signal = options?.signal;
      if (signal === undefined) {
        return binding[method](this.#handle, text, filename, bind, timeout, NEVER_CANCELLED).catch(
          rethrow,
        );
      }
      return withSignal<unknown>(
        signal,
        (job) => binding.cancelJob(job),
        (job) => binding[method](this.#handle, text, filename, bind, timeout, job),
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

/** Whether arguments can be passed one by one, which is faster than taking an array apart. */
function areFew(
  args: readonly unknown[] | undefined,
  { MOST_ARGUMENTS }: Binding,
): args is readonly unknown[] {
  return Array.isArray(args) && args.length <= MOST_ARGUMENTS;
}

const MAIN_STAYS: CloseReport = {
  abandoned: 'the main interpreter lives as long as the process',
};

/** What keeps `new Interpreter` inside this file. */
const KEY: unique symbol = Symbol('Interpreter');

interface Streams {
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
}

function wrap(
  binding: Binding,
  handle: Handle,
  info?: NativeInterpreterInfo,
  out?: { stdout: Outlet; stderr: Outlet },
): Interpreter {
  const known_ = info ?? binding.interpreterInfo(handle);
  const existing = known(known_.id);
  if (existing !== undefined) {
    binding.release(handle);
    return existing as Interpreter;
  }
  const streams = { stdout: out?.stdout.stream ?? null, stderr: out?.stderr.stream ?? null };
  return adopt(new Interpreter(KEY, binding, handle, known_, streams), handle);
}

receiveGenerators((id) => Interpreter.get(id));
registerSharedKind('interpreter', (handle) => wrap(loadedBinding(), handle));
