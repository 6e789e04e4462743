// The class `Barrier`: parties that wait for each other. How they come to agree is in choose.ts and
// state.ts.

import {
  channel,
  type End,
  type Receiver,
  type Sender,
  type WaitOptions,
} from '@multicore-python/channels';
import { MulticoreError, register, show } from '@multicore-python/core';
import type { Meeting } from '../guard.js';
import { choose, completeWithout } from './choose.js';
import type { State } from './state.js';

/**
 * A point where a number of processes wait for each other: all that are enrolled must come before any
 * goes on. It is also a guard of `alt`: then a party may turn to something else while it waits, and
 * either all parties meet or none of them.
 *
 * Handed to a process like a channel end, it is poisoned when the network fails. Python gets a
 * `multicore.csp.Barrier`: parties in both languages meet.
 *
 * @example
 * const step = new Barrier(2);
 * const body = async ({ step }: { step: Barrier }) => { for (let round = 0; round < 10; round += 1) await step.sync(); };
 * await par(javascript(body, { step }), javascript(body, { step }));
 */
export class Barrier implements Meeting {
  readonly kind = 'meeting';
  readonly #put: Sender<State>;
  readonly #take: Receiver<State>;
  readonly #fate: Receiver<never>;
  /** @internal */
  readonly ends: readonly End[];

  /** `parties`: how many are enrolled to begin with. */
  constructor(parties: number, options?: { readonly name?: string | undefined });
  /** @internal One that arrived. */
  constructor(parties: undefined, ends: BarrierEnds);
  constructor(
    parties: number | undefined,
    options: { readonly name?: string | undefined } | BarrierEnds = {},
  ) {
    const parts = 'put' in options ? options : makeEnds(check(parties, 0), options.name);
    const { put, take, fate, fates } = parts;
    this.#put = put;
    this.#take = take;
    this.#fate = fate;
    this.ends = [put, take, fates, fate];
  }

  /** Waits until every enrolled party has come. */
  async sync(options?: WaitOptions): Promise<void> {
    await choose([{ name: 'sync', barrier: this }], [], options);
  }

  /** More parties, which the others wait for from now on. */
  async enrol(parties = 1): Promise<void> {
    check(parties, 1);
    const [enrolled, offers] = await this.take();
    this.put([enrolled + parties, offers]);
  }

  /** Parties leave; the others may have been waiting for these alone. */
  async resign(parties = 1): Promise<void> {
    check(parties, 1);
    const [enrolled, offers] = await this.take();
    const rest = Math.max(0, enrolled - parties);
    const left = await completeWithout(this, rest, offers).catch((error: unknown) => {
      this.put([rest, offers]);
      throw error;
    });
    this.put([rest, left]);
  }

  /** Every party that waits, or comes, fails with `ERR_CHANNEL_POISONED`. */
  poison(reason = 'poisoned'): void {
    for (const end of this.ends) end.poison(reason);
  }

  /** How many are enrolled, and how many of them wait. */
  async count(): Promise<{ readonly enrolled: number; readonly waiting: number }> {
    const state = await this.take();
    this.put(state);
    return { enrolled: state[0], waiting: state[1].length };
  }

  /** @internal */
  get id(): number {
    return this.#put.channelId;
  }

  /** Ready when the barrier has ended. @internal */
  get fate(): Receiver<never> {
    return this.#fate;
  }

  /** Where the state can be taken. @internal */
  get cell(): Receiver<State> {
    return this.#take;
  }

  /** What crosses. @internal */
  get parts(): BarrierEnds {
    const [, , fates] = this.ends;
    return { put: this.#put, take: this.#take, fate: this.#fate, fates: fates as Sender<never> };
  }

  /** @internal */
  take(): Promise<State> {
    return this.#take.receive();
  }

  /** @internal */
  put(state: State): void {
    // There is a place: it was taken.
    this.#put.trySend(state);
  }
}

/** The ends that a barrier is made of. */
interface BarrierEnds {
  readonly put: Sender<State>;
  readonly take: Receiver<State>;
  /** Carries nothing: only how the barrier ends. */
  readonly fate: Receiver<never>;
  readonly fates: Sender<never>;
}

function makeEnds(parties: number, name = 'barrier'): BarrierEnds {
  const cell = channel<State>({ capacity: 1, name });
  const fate = channel<never>({ name });
  cell.sender.trySend([parties, []]);
  return { put: cell.sender, take: cell.receiver, fate: fate.receiver, fates: fate.sender };
}

// The name that Python's has.
register(Barrier, {
  name: 'multicore.csp._barrier:Barrier',
  reduce: ({ parts }) => parts,
  rebuild: (parts) => new Barrier(undefined, parts),
});

function check(parties: number | undefined, min: number): number {
  if (parties === undefined || !(Number.isSafeInteger(parties) && parties >= min))
    throw new MulticoreError(
      'ERR_INVALID_ARGUMENT',
      `${show(parties)} parties; give a whole number from ${min}`,
    );
  return parties;
}
