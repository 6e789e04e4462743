// `alternate`: a choice that is made again and again, fair over time: whoever was chosen comes last
// the next time, so that a guard that stays ready is chosen within as many rounds as there are guards.

import { type Case, End, otherwise, type SelectOptions, select } from '@multicore-python/channels';
import { type Chosen, caseOf, type Guard, type Ready, resultOf } from './guard.js';

/** Guards of an {@link alternate}: a function is asked before each round. */
export type Guards = Readonly<Record<string, Guard | (() => Guard)>>;

/** The guards as `alt` has them. */
export type Plain<G extends Guards> = {
  readonly [Name in keyof G]: Made<G[Name]>;
};

type Made<G> = G extends () => infer Result ? Made<Result> : G extends Guard ? G : never;

/** A choice that is made again and again. Made by {@link alternate}. */
export interface Alternation<G extends Readonly<Record<string, Guard>>>
  extends AsyncIterable<Chosen<G>> {
  /** Waits for the next event. A receiver that has ended is told of once, and then left out. */
  next(): Promise<Chosen<G>>;
}

/**
 * Chooses among the same guards again and again, without starving any: one that stays ready is chosen
 * within as many rounds as there are guards. Iterating ends when every receiver has ended.
 *
 * @example
 * for await (const event of alternate({ high, low, tick: every(1000) })) {
 *   if (event.name === "tick") report();
 *   else if (!event.done) await handle(event.value);
 * }
 */
export function alternate<const G extends Guards>(
  guards: G,
  options?: Pick<SelectOptions, 'signal'>,
): Alternation<Plain<G>> {
  const rotation = new Rotation(guards, options?.signal);
  const next = () => rotation.next() as Promise<Chosen<Plain<G>>>;
  return {
    next,
    async *[Symbol.asyncIterator]() {
      while (rotation.mayGoOn()) yield await next();
    },
  };
}

class Rotation {
  readonly #guards: Guards;
  readonly #signal: AbortSignal | undefined;
  /** The names, by turn. */
  #turns: string[];

  constructor(guards: Guards, signal: AbortSignal | undefined) {
    this.#guards = guards;
    this.#signal = signal;
    this.#turns = Object.keys(guards);
  }

  /** Whether anything but time can still come. */
  mayGoOn(): boolean {
    return this.#turns.some((name) => {
      const guard = this.#guards[name];
      if (typeof guard === 'function' || guard === null || guard === undefined) return true;
      return guard instanceof End || (guard.kind !== 'time' && guard.kind !== 'after');
    });
  }

  async next(): Promise<ReturnType<typeof resultOf>> {
    const ready = this.#turns.flatMap((name): Ready[] => {
      const guard = this.#guards[name];
      const made = typeof guard === 'function' ? guard() : (guard ?? null);
      return made === null ? [] : [{ name, guard: made as Ready['guard'] }];
    });
    const { index, done, value } = await this.#select(ready);
    const chosen = ready[index];
    const name = chosen?.name ?? '';
    this.#turns = this.#turns.filter((each) => each !== name);
    if (!done) this.#turns.push(name);
    return resultOf(chosen, done, value);
  }

  async #select(
    ready: readonly Ready[],
  ): Promise<{ index: number; done: boolean; value: unknown }> {
    const options = { signal: this.#signal, fair: false };
    // A time that has come has its turn too, though `select` looks at times last.
    const due = ready.findIndex(
      ({ guard }) => !(guard instanceof End) && guard.kind === 'time' && guard.remaining() <= 0,
    );
    const cases = ready.map(({ guard }) => caseOf(guard));
    if (due === -1) return await select<readonly Case[]>(cases, options);
    const before = cases.slice(0, due);
    const found = await select<readonly Case[]>([...before, otherwise()], options);
    return found.index < due ? found : { index: due, done: false, value: undefined };
  }
}
