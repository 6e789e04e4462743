// Waiting for barriers and other guards at once. Each party offers itself to its barriers and waits.
// The one that completes a barrier asks the others whether they still offer; only if all say yes they
// go on, else they go back to waiting. So a party that has turned to another guard never meets.

import {
  type Case,
  ChannelClosedError,
  ChannelPoisonedError,
  channel,
  type Receiver,
  receive,
  type SelectOptions,
  type Sender,
  select,
  send,
} from '@multicore-python/channels';
import { type AnyResult, caseOf, type Ready, resultOf } from '../guard.js';
import { currentMember, runAsNobody } from '../monitor/current.js';
import { standingFor } from '../monitor/observe.js';
import type { Barrier } from './barrier.js';
import type { Offer, Question, State } from './state.js';

/** A barrier among guards. */
export interface Named {
  readonly name: string;
  readonly barrier: Barrier;
}

/** Waits for one of the barriers, or of the other guards. */
export async function choose(
  barriers: readonly Named[],
  ready: readonly Ready[],
  options: SelectOptions | undefined,
): Promise<AnyResult> {
  const party = new Party(barriers, ready);
  const ends = [...barriers.flatMap(({ barrier }) => barrier.ends.slice(0, 2))];
  return await standingFor(ends, () => party.choose(options));
}

class Party {
  readonly #barriers: readonly Named[];
  readonly #ready: readonly Ready[];
  readonly #gate = channel<Question>();
  /** Unique in the program, whoever else comes: parties may be in other threads, or in Python. */
  readonly #number = this.#gate.sender.channelId;
  /** The barriers that know of this party. */
  readonly #offered = new Set<Named>();

  constructor(barriers: readonly Named[], ready: readonly Ready[]) {
    this.#barriers = barriers;
    this.#ready = ready;
  }

  async choose(options: SelectOptions | undefined): Promise<AnyResult> {
    try {
      for (;;) {
        options?.signal?.throwIfAborted();
        for (const named of this.#barriers) {
          if (this.#offered.has(named)) continue;
          if (await this.#offer(named)) return met(named);
        }
        const result = await this.#wait(options);
        if (result !== undefined) return result;
      }
    } finally {
      // Also when its process may do nothing more.
      await runAsNobody(() => this.#withdraw());
      this.#gate[Symbol.dispose]();
    }
  }

  /** Offers itself; true if that completed the barrier. */
  async #offer(named: Named): Promise<boolean> {
    const { barrier } = named;
    const [enrolled, offers] = await this.#takeOf(barrier);
    let state: State = [enrolled, [...offers, [this.#number, this.#gate.sender]]];
    let isMet = false;
    if (offers.length + 1 >= enrolled) {
      const left = await agree(barrier, offers, this.#gate.receiver, (number) =>
        this.#refused(number),
      ).catch((error: unknown) => {
        barrier.put([enrolled, offers]);
        throw error;
      });
      isMet = left === undefined;
      state = [enrolled, left === undefined ? [] : [...left, [this.#number, this.#gate.sender]]];
    }
    barrier.put(state);
    if (!isMet) this.#offered.add(named);
    return isMet;
  }

  /** Waits once; undefined: another party asked, and nothing came of it. */
  async #wait(options: SelectOptions | undefined): Promise<AnyResult | undefined> {
    const fates = this.#barriers.map(({ barrier }) => receive(barrier.fate));
    const cases: Case[] = [
      receive(this.#gate.receiver),
      ...fates,
      ...this.#ready.map(({ guard }) => caseOf(guard)),
    ];
    const { index, done, value } = await select<readonly Case[]>(cases, options);
    if (index === 0) return done ? undefined : await this.#answer(value as Question);
    const chosen = this.#ready[index - 1 - fates.length];
    // The end of a barrier: the next operation on it says how it ended.
    if (chosen === undefined) {
      this.#offered.clear();
      return undefined;
    }
    return resultOf(chosen, done, value);
  }

  /** Says yes, and hears whether all did. */
  async #answer([number, answer, verdict]: Question): Promise<AnyResult | undefined> {
    const named = [...this.#offered].find(({ barrier }) => barrier.id === number);
    answer.trySend(named !== undefined);
    if (named === undefined) return undefined;
    const isMet = await verdict.receive().catch(() => false);
    if (!isMet) return undefined;
    this.#offered.delete(named);
    return met(named);
  }

  /** Takes its offers back; who asks meanwhile is refused. */
  async #withdraw(): Promise<void> {
    for (const named of this.#offered) {
      try {
        const { barrier } = named;
        const [enrolled, offers] = await this.#takeOf(barrier);
        barrier.put([enrolled, offers.filter(([party]) => party !== this.#number)]);
      } catch {
        // The barrier has ended: nobody asks any more.
      }
    }
    this.#offered.clear();
  }

  /** Takes the state of a barrier; who has it may be asking this party, which is busy: no. */
  async #takeOf(barrier: Barrier): Promise<State> {
    for (;;) {
      const taken = await select([receive(barrier.cell), receive(this.#gate.receiver)]);
      if (taken.index === 0) {
        if (taken.done) return await barrier.take();
        return taken.value;
      }
      if (!taken.done) refuse(taken.value, (number) => this.#refused(number));
    }
  }

  /** Who was refused has forgotten this party. */
  #refused(number: number): void {
    for (const named of this.#offered) if (named.barrier.id === number) this.#offered.delete(named);
  }
}

function met({ name }: Named): AnyResult {
  return { name, done: false, value: undefined };
}

function refuse([number, answer]: Question, onRefused: (barrier: number) => void): void {
  answer.trySend(false);
  onRefused(number);
}

/**
 * Asks everybody who offered. Undefined: all said yes, and they go on. Otherwise the offers of those
 * who said yes, and go on waiting.
 */
async function agree(
  barrier: Barrier,
  offers: readonly Offer[],
  own: Receiver<Question> | undefined,
  onRefused: (barrier: number) => void,
): Promise<readonly Offer[] | undefined> {
  const willing: { offer: Offer; verdict: Sender<boolean> }[] = [];
  let isMet = false;
  try {
    for (const offer of offers) {
      using answer = channel<boolean>({ capacity: 1 });
      const verdict = channel<boolean>({ capacity: 1 });
      const question: Question = [barrier.id, answer.sender, verdict.receiver];
      const isWilling = await ask(offer[1], question, answer.receiver, own, onRefused);
      verdict.receiver.leave();
      if (isWilling) willing.push({ offer, verdict: verdict.sender });
      else verdict.sender.leave();
    }
    isMet = willing.length === offers.length;
  } finally {
    for (const { verdict } of willing) {
      verdict.trySend(isMet);
      verdict.leave();
    }
  }
  return isMet ? undefined : willing.map(({ offer }) => offer);
}

async function ask(
  gate: Sender<Question>,
  question: Question,
  answer: Receiver<boolean>,
  own: Receiver<Question> | undefined,
  onRefused: (barrier: number) => void,
): Promise<boolean> {
  const next = async <T>(step: Case): Promise<{ done: boolean; value: T }> => {
    for (;;) {
      const cases: Case[] = own === undefined ? [step] : [step, receive(own)];
      const { index, done, value } = await select<readonly Case[]>(cases);
      if (index === 0) return { done, value: value as T };
      if (!done) refuse(value as Question, onRefused);
    }
  };
  try {
    await next(send(gate, question));
    // From now on the answer ends with the one who was asked.
    question[1].leave();
    const { done, value } = await next<boolean>(receive(answer));
    return !done && value;
  } catch (error) {
    // Its process has ended, unless it is this one that may not go on.
    currentMember()?.signal.throwIfAborted();
    if (error instanceof ChannelClosedError || error instanceof ChannelPoisonedError) return false;
    throw error;
  }
}

/** The offers that are left once `enrolled` parties remain: none if these all wait, for then they meet. */
export async function completeWithout(
  barrier: Barrier,
  enrolled: number,
  offers: readonly Offer[],
): Promise<readonly Offer[]> {
  if (offers.length === 0 || offers.length < enrolled) return offers;
  return (await agree(barrier, offers, undefined, () => {})) ?? [];
}
