// A process made of processes, which can also be awaited. How its parts run is in par.ts and seq.ts.

import { setMaxListeners } from 'node:events';
import { errorText, MulticoreError } from '@multicore-python/core';
import { describe } from './deadlock/describe.js';
import { followHostCalls } from './deadlock/host-calls.js';
import { isConsequence } from './failure.js';
import type { End } from './holding.js';
import { currentMember } from './monitor/current.js';
import { runInScope } from './monitor/scope.js';
import type { Tracker } from './monitor/tracker.js';
import { isCalled, isRaced } from './monitor/use.js';
import { WaitPromise } from './monitor/wait.js';
import { type Context, Process } from './process.js';

// Here, where everybody comes by who composes anything: a program that does not needs none of it.
followHostCalls(describe);

/** How a composition is run. */
export interface RunOptions {
  /** Stops every process when it aborts; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Processes put together. `await` runs it; inside another composition it is a process like any other.
 *
 * Gotcha: without `await`, `run()` or a composition around it, nothing runs.
 *
 * @example
 * await par(source, seq(first, second), sink);
 */
export class Composition<out Result> extends Process<Result> implements PromiseLike<Result> {
  override readonly language = 'group';
  readonly parts: readonly Process<unknown>[];
  /** Whether it may run its parts more than once: then they are not done before it is. @internal */
  readonly runsAgain: boolean;
  readonly #start: (parts: readonly Process<unknown>[], context: Context) => Promise<unknown>;
  #awaited: Promise<Result> | undefined;

  /** @internal */
  constructor(
    name: string,
    parts: readonly Process<unknown>[],
    start: (parts: readonly Process<unknown>[], context: Context) => Promise<unknown>,
    { runsAgain = false }: { readonly runsAgain?: boolean } = {},
  ) {
    super(name);
    this.parts = parts;
    this.#start = start;
    this.runsAgain = runsAgain;
  }

  get ends(): readonly End[] {
    return [...new Set(this.parts.flatMap((part) => part.ends))];
  }

  /** Runs it; each call runs it again, as far as its processes can. */
  run(options: RunOptions = {}): Promise<Result> {
    return runInScope(
      () => this.ends,
      undefined,
      options.signal,
      (context, signal) => this.#run(context, signal, options.signal),
    );
  }

  /** `own`: the signal that it was run with; `signal` ends with what runs it as well. */
  async #run(
    context: Pick<Context, 'tracker' | 'isGentle'>,
    signal: AbortSignal | undefined,
    own: AbortSignal | undefined,
  ): Promise<Result> {
    signal?.throwIfAborted();
    this.hold();
    const ends = signal === undefined ? [] : this.ends;
    // Whoever waits at a channel hears of the abort in this way.
    const onAbort = (): void => {
      if (context.isGentle && !own?.aborted) return;
      const { reason } = signal ?? {};
      for (const end of ends) end.poison(errorText(reason));
    };
    signal?.addEventListener('abort', onAbort);
    try {
      return await this.start({ ...rootContext(signal), ...context }).catch((error: unknown) => {
        throw signal?.aborted && isConsequence(error, signal.reason) ? signal.reason : error;
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /**
   * The same processes with another result.
   *
   * @example
   * const total: Process<number> = par(source, counter).map(([, count]) => count);
   */
  map<Other>(change: (result: Result) => Other): Composition<Other> {
    return new Composition<Other>(this.name, [this], async (_, context) =>
      change(await runPart(this, context)),
    );
  }

  // biome-ignore lint/suspicious/noThenProperty: `await par(…)` runs it.
  get then(): Then<Result> {
    // Whoever reads this is `await`, or a function like `Promise.race`, for which the process may not wait.
    const getter = Object.getOwnPropertyDescriptor(Composition.prototype, 'then')?.get;
    const isWatched = currentMember() !== undefined && getter !== undefined;
    const raced = isWatched && isRaced(getter);
    const then: Then<Result> = (onFulfilled, onRejected) => {
      this.#awaited ??= this.run();
      if (isWatched && this.#awaited instanceof WaitPromise)
        this.#awaited.wait?.used(raced || isCalled(then) ? 'open' : 'awaited');
      return Promise.prototype.then.call(this.#awaited, onFulfilled, onRejected) as never;
    };
    return then;
  }

  override start(context: Context): Promise<Result> {
    // `par` and `seq` give the type together with the function.
    return this.#start(this.parts, context) as Promise<Result>;
  }

  // A part counts itself: it may end long before the whole does.
  override hold(): void {
    for (const part of this.parts) part.hold();
  }

  override letGo(): void {
    for (const part of this.parts) part.letGo();
  }
}

/** A promise's `then`. */
export type Then<Result> = <A = Result, B = never>(
  onFulfilled?: ((value: Result) => A | PromiseLike<A>) | null,
  onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
) => Promise<A | B>;

/** The context of what is in no other process. */
export function rootContext(signal: AbortSignal | undefined, tracker?: Tracker): Context {
  if (signal !== undefined) return { signal, tracker };
  const never = new AbortController().signal;
  setMaxListeners(0, never);
  return { signal: never, tracker };
}

/** Runs a part of a composition, whose ends are held already. `onFailure` sees an error before the ends are left. */
export async function runPart<Result>(
  part: Process<Result>,
  context: Context,
  onFailure?: (error: unknown) => void,
): Promise<Result> {
  const isOne = !(part instanceof Composition) || part.runsAgain;
  try {
    const inner = isOne ? { ...context, onDone: undefined } : context;
    const result = await part.start(inner);
    if (isOne) context.onDone?.(part);
    return result;
  } catch (error) {
    onFailure?.(error);
    throw error;
  } finally {
    // The parts of a composition let go one by one.
    if (!(part instanceof Composition)) part.letGo();
  }
}

/** The processes in a process that end one by one, each for good. */
export function unitsOf(process: Process<unknown>): readonly Process<unknown>[] {
  if (!(process instanceof Composition) || process.runsAgain) return [process];
  return process.parts.flatMap(unitsOf);
}

/** The name of what is made of several processes: theirs, or the first of many. */
export function nameOfAll(kind: string, processes: readonly Process<unknown>[]): string {
  const stranger = processes.findIndex((each) => !(each instanceof Process));
  if (stranger !== -1)
    throw new MulticoreError(
      'ERR_INVALID_ARGUMENT',
      `${kind} takes processes, made by javascript(…), python(…), par(…) and others; argument ${stranger} is: ${typeof processes[stranger]}`,
    );
  const names = processes.slice(0, NAMES_MAX).map(({ name }) => name);
  const rest = processes.length - names.length;
  return `${kind}(${names.join(', ')}${rest > 0 ? `, … ${rest} more` : ''})`;
}

const NAMES_MAX = 5;
