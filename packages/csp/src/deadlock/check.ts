// Whether a network is deadlocked: every process waits at channels that nobody but these processes
// has, so nothing can ever happen. In doubt it is not.

import type { End } from '../holding.js';
import type { Party } from '../monitor/party.js';
import { inputsAtStart, openInputs } from '../monitor/resources.js';
import type { Tracker } from '../monitor/tracker.js';
import type { BlockedProcess } from './error.js';
import { Holders } from './holders.js';
import { Search } from './search.js';
import type { Blocked } from './waits.js';

/** How sure one has to be. */
export type Strictness =
  /** Not while the program has inputs open, which a callback of a JavaScript process may listen to. */
  | 'certain'
  /** Also then: its processes listen to channels only. */
  | 'closed';

/** A deadlock that was found. */
export interface Found {
  readonly blocked: readonly BlockedProcess[];
  /** How many networks that look for deadlocks themselves are in this one, one in the other. */
  readonly depth: number;
}

/** Everybody who is blocked for at least so many milliseconds, if that is all and for ever. */
export function findDeadlock(
  tracker: Tracker,
  owned: readonly End[],
  strictness: Strictness,
  patience: number,
): Found | undefined {
  const search = new Search(patience);
  if (!search.tracker(tracker, 0)) return undefined;
  const { blocked, depth } = search;
  if (blocked.length === 0 || (strictness === 'certain' && mayHearOtherwise(blocked)))
    return undefined;
  const holders = Holders.of(search, owned);
  const channels = new Set(blocked.flatMap(({ places }) => places.map(({ channel }) => channel)));
  for (const channel of channels) if (holders.hasOthers(channel)) return undefined;
  const parties = new Set(blocked.map(({ party }) => party));
  return { blocked: blocked.map((each) => report(each, holders, parties)), depth };
}

/** Whether a callback of JavaScript's may still come in. */
export function mayHearOtherwise(blocked: readonly Blocked[]): boolean {
  const isOnlyPython = blocked.every(({ party }) => party.language === 'python');
  return !isOnlyPython && openInputs() > inputsAtStart;
}

function report(
  { party, operation, places, place }: Blocked,
  holders: Holders<Party>,
  parties: ReadonlySet<Party>,
): BlockedProcess {
  const all = places.flatMap(({ channel, direction }) =>
    operation === 'sync'
      ? holders.of(channel)
      : holders.of(channel, direction === 'send' ? 'receive' : 'send'),
  );
  // Who runs others, or called a function, is named only where none of these is.
  const named = all.filter((other) => other !== party && parties.has(other));
  const others = named.length > 0 ? named : all.filter((other) => other !== party);
  const name = (id: number): string => holders.stats(id)?.name ?? `channel ${id}`;
  return {
    process: party.name,
    language: party.language,
    operation,
    channels: [...new Set(places.map(({ channel }) => name(channel)))],
    waitsFor: [...new Set(others.map((other) => other.name))],
    get where() {
      return place();
    },
  };
}
