// Whether a network is deadlocked: every process waits at channels that nobody but these processes
// has, so nothing can ever happen. In doubt it is not.

import { loadedBinding } from '@multicore-python/core';
import type { End } from '../holding.js';
import { inputsAtStart, openInputs } from '../monitor/resources.js';
import type { Tracker } from '../monitor/tracker.js';
import type { BlockedProcess } from './error.js';
import { Holders } from './holders.js';
import { type Blocked, blockedJavaScript, blockedPython } from './waits.js';

/** How sure one has to be. */
export type Strictness =
  /** Not while the program has inputs open, which a callback of a JavaScript process may listen to. */
  | 'certain'
  /** Also then: its processes listen to channels only. */
  | 'closed';

/** Everybody who is blocked for at least so many milliseconds, if that is all and for ever. */
export function findDeadlock(
  tracker: Tracker,
  owned: readonly End[],
  strictness: Strictness,
  patience: number,
): BlockedProcess[] | undefined {
  const members = [...tracker.running];
  if (members.length === 0 || tracker.underWay > 0) return undefined;
  const blocked: Blocked[] = [];
  // The cheap question first: most of the time somebody is working.
  for (const member of members) {
    if (!member.hasBegun) return undefined;
    if (member.language === 'python') continue;
    const found = blockedJavaScript(member);
    if (found === undefined || found.waited < patience) return undefined;
    blocked.push(found);
  }
  if (blocked.length > 0 && strictness === 'certain' && openInputs() > inputsAtStart)
    return undefined;
  const binding = loadedBinding();
  const waiters = binding.listWaiters();
  const stats = binding.listChannels();
  const names = new Map(stats.map(({ id, name }) => [id, name]));
  for (const member of members) {
    if (member.language !== 'python') continue;
    const found = blockedPython(member, waiters, (id) => names.get(id));
    if (found === undefined || found.waited < patience) return undefined;
    blocked.push(found);
  }
  const holders = new Holders(binding.listEnds(), stats, members, owned);
  const channels = new Set(blocked.flatMap(({ places }) => places.map(({ channel }) => channel)));
  for (const channel of channels) if (holders.hasOthers(channel)) return undefined;
  return blocked.map((each) => report(each, holders));
}

function report({ member, operation, places, place }: Blocked, holders: Holders): BlockedProcess {
  const others = places.flatMap(({ channel, direction }) =>
    operation === 'sync'
      ? holders.of(channel)
      : holders.of(channel, direction === 'send' ? 'receive' : 'send'),
  );
  const name = (id: number): string => holders.stats(id)?.name ?? `channel ${id}`;
  return {
    process: member.name,
    language: member.language,
    operation,
    channels: [...new Set(places.map(({ channel }) => name(channel)))],
    waitsFor: [...new Set(others.filter((other) => other !== member).map((other) => other.name))],
    get where() {
      return place();
    },
  };
}
