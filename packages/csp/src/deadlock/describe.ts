// What Python is told of a function of JavaScript's that it waits for: whom that waits for in turn.
// Python looks at its own processes itself.

import { handleOf, Sender } from '@multicore-python/channels';
import type { End } from '../holding.js';
import type { Member } from '../monitor/member.js';
import type { Tracker } from '../monitor/tracker.js';
import { mayHearOtherwise } from './check.js';
import type { Noted, NotedEnds, NotedParty } from './notes.js';
import { type Blocked, blockedJavaScript, isBlocked } from './waits.js';

/** What is to be noted of a call; undefined if it can go on, or may be able to. */
export function describe(member: Member): Noted | undefined {
  const description = new Description();
  if (!description.javascript(member, 0, '') || mayHearOtherwise(description.blocked))
    return undefined;
  const { parties, depth, ends } = description;
  return { depth, isBusy: false, parties, owned: countEnds(ends), warm: [] };
}

class Description {
  readonly parties: NotedParty[] = [];
  readonly blocked: Blocked[] = [];
  readonly ends: Set<End> = new Set();
  depth = 0;

  javascript(member: Member, depth: number, name: string = member.name): boolean {
    if (!isBlocked(member)) return false;
    for (const end of member.ends) this.ends.add(end);
    const found = blockedJavaScript(member);
    if (found !== undefined) {
      const { operation, places, waited, place } = found;
      const wait = { operation, places, waited, where: place() ?? null };
      this.blocked.push(found);
      this.#add('javascript', name, { agent: null, isSure: true, wait });
    }
    return [...member.scopes].every(({ tracker, ends, isNetwork }) => {
      for (const end of ends) this.ends.add(end);
      return this.#tracker(tracker, depth + (isNetwork ? 1 : 0));
    });
  }

  #tracker({ underWay, running, scopes }: Tracker, depth: number): boolean {
    this.depth = Math.max(this.depth, depth);
    if (underWay > 0 || running.size + scopes.size === 0) return false;
    return (
      [...running].every((member) =>
        member.language === 'python' ? this.#python(member) : this.javascript(member, depth),
      ) &&
      [...scopes].every(({ tracker, isNetwork }) =>
        this.#tracker(tracker, depth + (isNetwork ? 1 : 0)),
      )
    );
  }

  #python({ interpreter: py, name }: Member): boolean {
    if (py === undefined || !py.serial || py.state !== 'running') return false;
    this.#add('python', name, { agent: `${py.id}/job`, isSure: true, wait: null });
    return true;
  }

  #add(
    language: NotedParty['language'],
    name: string,
    rest: Pick<NotedParty, 'agent' | 'isSure' | 'wait'>,
  ): void {
    this.parties.push({ language, name, ...rest, about: null });
  }
}

function countEnds(ends: Iterable<End>): NotedEnds[] {
  const counts = new Map<string, NotedEnds>();
  for (const end of ends) {
    if (!end.isOpen || handleOf(end) === undefined) continue;
    const direction = end instanceof Sender ? 'send' : 'receive';
    const key = `${direction} ${end.channelId}`;
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { channel: end.channelId, direction, count });
  }
  return [...counts.values()];
}
