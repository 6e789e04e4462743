// Which process the JavaScript that runs now belongs to.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Member } from './member.js';

const storage = new AsyncLocalStorage<Member>();

/** The process that runs now, if it runs in a network that is watched. */
export function currentMember(): Member | undefined {
  return storage.getStore();
}

/** Runs `body`, and everything that it starts, as a part of the process. */
export function runAs<T>(member: Member, body: () => T): T {
  return storage.run(member, body);
}

/** Runs `body` as a part of no process: nothing stops its operations. */
export function runAsNobody<T>(body: () => T): T {
  return storage.exit(body);
}
