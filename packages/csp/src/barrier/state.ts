// What a barrier is, for all of its parties, in whatever language and interpreter: a message that is
// taken out of a channel of one place and put back. Whoever has it out has the barrier to itself.

import type { Receiver, Sender } from '@multicore-python/channels';

/** Asks a party that offered whether it still does: where to answer, and where it will hear what came of it. */
export type Question = readonly [
  barrier: number,
  answer: Sender<boolean>,
  verdict: Receiver<boolean>,
];

/** A party that waits: its number, and where it can be asked. */
export type Offer = readonly [party: number, gate: Sender<Question>];

/** How many parties there are, and which wait. */
export type State = readonly [enrolled: number, offers: readonly Offer[]];
