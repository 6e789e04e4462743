// `network`: processes under a name, that can be looked at while they run, and that fail when they
// are deadlocked. What is seen is in snapshot.ts, draw.ts and recording.ts.

import { setMaxListeners } from 'node:events';
import { MulticoreError } from '@multicore-python/core';
import { Composition, type RunOptions, rootContext, runPart } from '../composition.js';
import type { Strictness } from '../deadlock/check.js';
import { DeadlockError } from '../deadlock/error.js';
import { watchForDeadlock } from '../deadlock/watchdog.js';
import type { End } from '../holding.js';
import { runInScope, Scope } from '../monitor/scope.js';
import { Tracker } from '../monitor/tracker.js';
import type { Process } from '../process.js';
import { toDot, toMermaid } from './draw.js';
import { Recording, type RecordingOptions } from './recording.js';
import { type NetworkSnapshot, Throughput, takeSnapshot } from './snapshot.js';

/** How a network is watched. */
export interface NetworkOptions {
  /**
   * When a network counts as deadlocked: once every process waits for another one. `certain` (the
   * default) keeps quiet while the program has files, sockets or the like open that a callback of a
   * JavaScript process may listen to; `closed` says that there are no such callbacks; `ignore` does
   * not look.
   */
  readonly deadlock?: Strictness | 'ignore' | undefined;
}

const living = new Map<string, Network>();

/** A named network. Made by {@link network}. */
export class Network {
  readonly name: string;
  readonly #options: NetworkOptions;
  readonly #tracker: Tracker;
  readonly #ends = new Set<End>();
  readonly #throughput = new Throughput();
  #runs = 0;

  /** @internal */
  constructor(name: string, options: NetworkOptions) {
    this.name = name;
    this.#options = options;
    this.#tracker = new Tracker(name);
  }

  /** Whether any process of it runs. */
  get isRunning(): boolean {
    return this.#runs > 0;
  }

  /**
   * Runs a process, usually a composition, as a part of this network, and resolves with its result.
   * If the network deadlocks, everything in it is stopped and this rejects with `ERR_DEADLOCK`.
   *
   * @example
   * const net = network("pipeline");
   * await net.run(par(source, worker, sink));
   */
  run<Result>(process: Process<Result>, options: RunOptions = {}): Promise<Result> {
    return runInScope(
      () => process.ends,
      this.#tracker,
      options.signal,
      ({ isGentle }, signal) => this.#run(process, { signal }, isGentle),
    );
  }

  async #run<Result>(
    process: Process<Result>,
    options: RunOptions,
    isGentle: boolean | undefined,
  ): Promise<Result> {
    options.signal?.throwIfAborted();
    const ends = process.ends;
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    const stop = (reason: unknown): void => controller.abort(reason);
    const onAbort = (): void => stop(options.signal?.reason);
    options.signal?.addEventListener('abort', onAbort);
    this.#begin(ends);
    const strictness = this.#options.deadlock ?? 'certain';
    const unwatch =
      strictness === 'ignore'
        ? undefined
        : watchForDeadlock({
            tracker: this.#tracker,
            ends: this.#ends,
            strictness,
            onDeadlock: stop,
          });
    process.hold();
    try {
      const context = rootContext(controller.signal, this.#tracker);
      return await runPart(process, { ...context, isGentle });
    } catch (error) {
      if (!controller.signal.aborted) throw error;
      const { reason } = controller.signal;
      if (reason instanceof DeadlockError) reason.complete();
      throw reason;
    } finally {
      unwatch?.();
      options.signal?.removeEventListener('abort', onAbort);
      this.#end(ends);
    }
  }

  /**
   * A process that runs others as a part of this network, to be put into a larger composition.
   *
   * @example
   * await par(network("inner").of(par(a, b)), c);
   */
  of<Result>(process: Process<Result>): Process<Result> {
    return new Composition<Result>(
      `${this.name}(${process.name})`,
      [process],
      async (_, { signal, tracker, isGentle }) => {
        const scope = new Scope(this.#tracker, process.ends, true);
        scope.use = 'awaited';
        tracker?.scopes.add(scope);
        try {
          return await this.#run(process, { signal }, isGentle);
        } finally {
          tracker?.scopes.delete(scope);
          process.letGo();
        }
      },
    );
  }

  /**
   * What every process does and waits for, and every channel's figures, now.
   *
   * @example
   * console.table(net.snapshot().processes);
   */
  snapshot(): NetworkSnapshot {
    return takeSnapshot(this.#tracker, [...this.#ends], this.#throughput);
  }

  /** The network as Graphviz draws it: processes, and channels from those who send to those who receive. */
  toDot(): string {
    return toDot(this.snapshot());
  }

  /** The network as Mermaid draws it, in Markdown for one. */
  toMermaid(): string {
    return toMermaid(this.snapshot());
  }

  /**
   * Records what happens from now on, for `chrome://tracing` and ui.perfetto.dev.
   *
   * @example
   * const recording = net.record();
   * await net.run(par(source, worker, sink));
   * await recording.save("trace.json");
   */
  record(options: RecordingOptions = {}): Recording {
    return new Recording(this, options);
  }

  #begin(ends: readonly End[]): void {
    const other = living.get(this.name);
    if (other !== undefined && other !== this)
      throw new MulticoreError(
        'ERR_INVALID_ARGUMENT',
        `Another network named ${this.name} is running; names are unique among those that run`,
      );
    living.set(this.name, this);
    this.#runs += 1;
    for (const end of ends) this.#ends.add(end);
  }

  #end(ends: readonly End[]): void {
    this.#runs -= 1;
    for (const end of ends) if (!end.isOpen) this.#ends.delete(end);
    if (this.#runs === 0) {
      this.#ends.clear();
      living.delete(this.name);
    }
  }
}

/**
 * A network under a name. Nothing runs before {@link Network.run}.
 *
 * @example
 * const net = network("pipeline");
 * const running = net.run(par(source, worker, sink));
 * console.log(net.toMermaid());
 * await running;
 */
export function network(name: string, options: NetworkOptions = {}): Network {
  return new Network(name, options);
}

/**
 * The networks that run now.
 *
 * @example
 * for (const net of networks()) console.table(net.snapshot().channels);
 */
export function networks(): Network[] {
  return [...living.values()];
}
