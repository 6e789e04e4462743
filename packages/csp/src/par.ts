// `par`: processes side by side, none of which outlives the whole.

import { Composition, runPart } from './composition.js';
import { isConsequence, ParallelError, type ProcessFailure } from './failure.js';
import type { Context, Process, ResultsOf } from './process.js';

/**
 * Runs processes in parallel and resolves with all their results. It is structured: when it settles,
 * every process has ended. The first failure poisons the channels that were handed to the others and
 * aborts their signals; Python that does not listen is interrupted; then the whole rejects with a
 * {@link ParallelError} that names who failed.
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
  return new Composition(
    `par(${processes.map(({ name }) => name).join(', ')})`,
    processes,
    runParallel,
  );
}

async function runParallel(
  parts: readonly Process<unknown>[],
  context: Context,
): Promise<unknown[]> {
  const group = new Group(parts);
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
  }
}

/** The processes of one running `par`. */
class Group {
  readonly #running: Set<Process<unknown>>;
  readonly #controller = new AbortController();
  readonly #failures: ProcessFailure[] = [];
  readonly #stopped: string[] = [];

  constructor(parts: readonly Process<unknown>[]) {
    this.#running = new Set(parts);
  }

  /** Runs one process; never rejects. */
  async run(part: Process<unknown>): Promise<unknown> {
    try {
      // Others must hear of a failure before they could take a channel that was left for one that ended well.
      return await runPart(part, { signal: this.#controller.signal }, (error) =>
        this.#fail(part, error),
      );
    } catch {
      return undefined;
    } finally {
      this.#running.delete(part);
    }
  }

  /** Tells everybody to stop. */
  stop(reason: unknown): void {
    if (this.#controller.signal.aborted) return;
    const words = reason instanceof Error ? reason.message : String(reason);
    for (const part of this.#running) for (const end of part.ends) end.poison(words);
    this.#controller.abort(reason);
  }

  throwIfFailed(): void {
    if (this.#failures.length > 0) throw new ParallelError(this.#failures, this.#stopped);
  }

  #fail(part: Process<unknown>, error: unknown): void {
    const { signal } = this.#controller;
    if (signal.aborted && isConsequence(error, signal.reason)) {
      this.#stopped.push(part.name);
      return;
    }
    this.#failures.push({ process: part.name, error });
    this.#running.delete(part);
    this.stop(new ParallelError(this.#failures.slice(0, 1), []));
  }
}
