// `alt`: choice by name. The choice itself is `select`, in /channels; barriers among the guards are
// waited for in barrier/choose.ts.

import {
  type Case,
  type OtherwiseCase,
  otherwise,
  type SelectOptions,
  select,
} from '@multicore-python/channels';
import { Barrier } from './barrier/barrier.js';
import { choose } from './barrier/choose.js';
import { type AnyResult, type Chosen, caseOf, type Guard, type Ready, resultOf } from './guard.js';
import { derived } from './monitor/wait.js';

/** The guard that is always ready: chosen when no other is. */
export const skip: OtherwiseCase = otherwise();

/**
 * Waits until one of the guards is ready and makes exactly that one happen. A receiver stands for
 * receiving from it, a barrier for its parties coming together. With `{ fair: false }` the first of
 * those that are ready is chosen, else one at random.
 *
 * @example
 * const event = await alt({ item: items, stop: control, tick: after(1000) });
 * if (event.name === "item" && !event.done) await handle(event.value);
 */
export function alt<const Guards extends Readonly<Record<string, Guard>>>(
  guards: Guards,
  options?: SelectOptions,
): Promise<Chosen<Guards>> {
  const ready: Ready[] = [];
  const barriers: { name: string; barrier: Barrier }[] = [];
  for (const [name, guard] of Object.entries(guards)) {
    if (guard instanceof Barrier) barriers.push({ name, barrier: guard });
    else if (guard !== null) ready.push({ name, guard: guard as Ready['guard'] });
  }
  return (
    barriers.length === 0 ? chooseReady(ready, options) : choose(barriers, ready, options)
  ) as Promise<Chosen<Guards>>;
}

/** Chooses among guards none of which is a barrier. @internal */
export function chooseReady(
  ready: readonly Ready[],
  options: SelectOptions | undefined,
): Promise<AnyResult> {
  return derived(
    select<readonly Case[]>(
      ready.map(({ guard }) => caseOf(guard)),
      options,
    ),
    ({ index, done, value }) => resultOf(ready[index], done, value),
  );
}

/**
 * A guard with a precondition: without it, the guard is not waited for.
 *
 * @example
 * await alt({ input: when(buffer.length < 10, items), output: when(buffer.length > 0, send(out, buffer[0])) });
 */
export function when<G extends Guard>(condition: boolean, guard: G): G | null {
  return condition ? guard : null;
}
