// Timers and I/O that JavaScript processes started: while one lives, its process may go on although
// it waits at a channel. Watches only while somebody asks for it, since the hook slows promises down.

import { createHook } from 'node:async_hooks';
import { currentMember } from './current.js';
import type { Member } from './member.js';

interface Started {
  readonly type: string;
  readonly resource: WeakRef<object>;
}

const started = new WeakMap<Member, Started[]>();
const hook = createHook({
  init(_id, type, _trigger, resource) {
    if (IGNORED.has(type)) return;
    const member = currentMember();
    if (member === undefined) return;
    const list = started.get(member);
    const entry = { type, resource: new WeakRef(resource) };
    if (list === undefined) {
      started.set(member, [entry]);
    } else {
      list.push(entry);
      if (list.length > LIST_MAX) started.set(member, list.filter(isAlive));
    }
  },
});

const IGNORED: ReadonlySet<string> = new Set(['PROMISE', 'TickObject', 'Microtask']);
const LIST_MAX = 64;
let users = 0;

/** Watches until {@link unwatchResources}; counted. */
export function watchResources(): void {
  users += 1;
  if (users === 1) hook.enable();
}

export function unwatchResources(): void {
  users -= 1;
  if (users === 0) hook.disable();
}

/** Whether a timer or an input or output that the process started is still under way. */
export function hasResources(member: Member): boolean {
  const list = started.get(member)?.filter(isAlive) ?? [];
  started.set(member, list);
  if (list.length === 0) return false;
  const active = new Set(process.getActiveResourcesInfo().map(plain));
  return list.some(({ type }) => TIMERS.has(type) || active.has(ACTIVE[type] ?? plain(type)));
}

const TIMERS: ReadonlySet<string> = new Set(['Timeout', 'Immediate']);
/** What Node calls a resource in `getActiveResourcesInfo`, where it is not the same word. */
const ACTIVE: Readonly<Record<string, string>> = {
  TCPWRAP: 'tcpsocketwrap',
  TLSWRAP: 'tcpsocketwrap',
  HTTPCLIENTREQUEST: 'tcpsocketwrap',
  HTTPINCOMINGMESSAGE: 'tcpsocketwrap',
  WORKER: 'messageport',
};

function plain(type: string): string {
  return type.toLowerCase();
}

function isAlive({ type, resource }: Started): boolean {
  const found = resource.deref();
  if (found === undefined) return false;
  return !(TIMERS.has(type) && Reflect.get(found, '_destroyed') === true);
}

/** Input and output of the whole program through which something may come in at any time. */
export function openInputs(): number {
  return process.getActiveResourcesInfo().filter((type) => INPUTS.test(type)).length;
}

const INPUTS = /^(?:TCP|Pipe|UDP|TLS|HTTP|FS(?:Event|Req)|StatWatcher|MessagePort|Process|Worker)/;

/** How many there were when this module was loaded: the console, a parent process. */
export const inputsAtStart: number = openInputs();
