// `par`: processes side by side, none of which outlives the whole.

import { errorText } from '@multicore-python/core';
import { Composition, nameOfAll, runPart } from './composition.js';
import { isConsequence, ParallelError, type ProcessFailure, poisonReason } from './failure.js';
import type { Context, Process, ResultsOf } from './process.js';
import { Stop } from './stop.js';

/**
 * Runs processes in parallel and resolves with all their results. It is structured: when it settles,
 * every process has ended. The first failure poisons the channels that were handed to the others and
 * aborts their signals; Python that does not listen is interrupted; then the whole rejects with a
 * {@link ParallelError} that names who failed.
 *
 * A process that ends because a channel was poisoned has not failed: it was asked to end. It poisons
 * its own channels in turn, so that the network ends, and its result is `undefined`.
 *
 * @example
 * const { sender, receiver } = channel<number>();
 * const [, total] = await par(
 *   javascript(async ({ out }) => { for (const n of [1, 2, 3]) await out.send(n); }, { out: sender }),
 *   python<number>("builtins:sum", [receiver]),
 * );
 */
export function par<const Processes extends readonly Process<unknown>[]>(
  ...processes: Processes
): Composition<ResultsOf<Processes>> {
  return new Composition(nameOfAll('par', processes), processes, runParallel);
}

async function runParallel(
  parts: readonly Process<unknown>[],
  context: Context,
): Promise<unknown[]> {
  const group = new Group(parts, context);
  const onAbort = (): void => group.stop(context.signal.reason);
  if (context.signal.aborted) onAbort();
  else context.signal.addEventListener('abort', onAbort);
  try {
    const results = await Promise.all(parts.map((part) => group.run(part)));
    group.throwIfFailed();
    context.signal.throwIfAborted();
    return results;
  } finally {
    context.signal.removeEventListener('abort', onAbort);
    group.over();
  }
}

/** The processes of one running `par`. */
class Group {
  readonly #running: Set<Process<unknown>>;
  readonly #stop: Stop;
  readonly #isGentle: boolean;
  readonly #failures: ProcessFailure[] = [];
  readonly #stopped: string[] = [];

  readonly #context: Context;

  constructor(parts: readonly Process<unknown>[], context: Context) {
    this.#running = new Set(parts);
    // Poison makes operations end at once; who spares the channels gives time instead.
    this.#isGentle = context.isGentle === true;
    this.#stop = new Stop(this.#isGentle ? (context.deadlines?.drain ?? 0) : 0);
    this.#context = { ...context, ...this.#stop.signals };
  }

  /** Runs one process; never rejects. */
  async run(part: Process<unknown>): Promise<unknown> {
    try {
      // Others must hear of a failure before they could take a channel that was left for one that ended well.
      return await runPart(part, this.#context, (error) => this.#fail(part, error));
    } catch {
      return undefined;
    } finally {
      this.#running.delete(part);
    }
  }

  /** Tells everybody to stop. */
  stop(reason: unknown): void {
    if (this.#stop.isStopped) return;
    const words = errorText(reason);
    if (!this.#isGentle)
      for (const part of this.#running) for (const end of part.ends) end.poison(words);
    this.#stop.stop(reason);
  }

  /** Everybody has ended. */
  over(): void {
    this.#stop.over();
  }

  throwIfFailed(): void {
    if (this.#failures.length > 0) throw new ParallelError(this.#failures, this.#stopped);
  }

  #fail(part: Process<unknown>, error: unknown): void {
    if (this.#stop.isStopped && isConsequence(error, this.#stop.reason)) {
      this.#stopped.push(part.name);
      return;
    }
    this.#running.delete(part);
    const reason = poisonReason(error);
    if (reason !== undefined) {
      for (const end of part.ends) end.poison(reason);
      return;
    }
    this.#failures.push({ process: part.name, error });
    this.stop(new ParallelError(this.#failures.slice(0, 1), []));
  }
}
