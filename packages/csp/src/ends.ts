// The ways a process ends its part in a network by hand. Mostly none is needed: ends that were handed
// to a process are left when it ends.

import type { End } from '@multicore-python/channels';
import type { Barrier } from './barrier/barrier.js';

/**
 * Leaves channels: each ends once everybody else on this side has left it too, and what is queued is
 * still delivered. So a network winds down from its sources to its sinks.
 *
 * @example
 * javascript(async ({ out }) => { await out.send(1); retire(out); await writeReport(); }, { out });
 */
export function retire(...ends: readonly End[]): void {
  for (const end of ends) end.leave();
}

/**
 * Ends channels and barriers for everybody at once; what is queued is dropped. Each process that uses
 * one is woken with `ERR_CHANNEL_POISONED`; if it does not catch that it ends, and poisons its own
 * channels in turn: so a network ends, and that is no failure. To end one with an error, throw inside
 * of it, or abort the signal that it was run with.
 *
 * @example
 * if (signal.aborted) poison("the user has had enough", input, out);
 */
export function poison(reason: string, ...what: readonly (End | Barrier)[]): void {
  for (const each of what) each.poison(reason);
}
