// What every process of a network waits for, in both languages, as far as it waits at channels and
// nothing else can wake it.

import type { NativeWaiter } from '@multicore-python/core';
import type { Member } from '../monitor/member.js';
import type { Party } from '../monitor/party.js';
import { hasResources } from '../monitor/resources.js';
import type { Place, Wait } from '../monitor/wait.js';

/** A process that waits. */
export interface Blocked {
  readonly party: Party;
  readonly operation: Wait['operation'];
  readonly places: readonly Place[];
  /** Milliseconds. */
  readonly waited: number;
  /** Where, as far as it is known when this is called. */
  readonly place: () => string | undefined;
}

/** Whether a JavaScript process cannot go on unless an operation, or a composition, that it awaits does. */
export function isBlocked(member: Member): boolean {
  const waits = [...member.waits];
  const scopes = [...member.scopes];
  const all = [...waits, ...scopes];
  if (!all.some(({ use }) => use === 'awaited')) return false;
  if (scopes.some(({ use }) => use === 'open') || waits.some(mayEndOtherwise)) return false;
  return !hasResources(member);
}

/** What a JavaScript process that is blocked waits at, if that is a channel. `party`: who that is. */
export function blockedJavaScript(member: Member, party: Party = member): Blocked | undefined {
  const waits = [...member.waits];
  const main = waits.find(({ use }) => use === 'awaited') ?? waits[0];
  if (main === undefined) return undefined;
  return {
    party,
    operation: main.operation,
    places: waits.flatMap(({ places }) => places),
    waited: performance.now() - Math.max(...waits.map(({ since }) => since)),
    place: () => main.where,
  };
}

function mayEndOtherwise({ use, hasDeadline, hasSignal }: Wait): boolean {
  return use === 'open' || hasDeadline || hasSignal;
}

/** The parts of a label of Python's: `python/<until>/<id>/<kind>/<place>`. */
export interface PythonLabel {
  readonly hasDeadline: boolean;
  readonly interpreter: number;
  /** Who waits: `<id>/<kind>`. */
  readonly agent: string;
  readonly isJob: boolean;
  readonly where: string | undefined;
}

/** Takes a label apart. */
export function parseLabel(label: string | null): PythonLabel | undefined {
  const match = /^python\/(forever|deadline)\/(\d+)\/(job|thread-\d+)\/(.*)$/s.exec(label ?? '');
  if (match === null) return undefined;
  const [, until, id, kind, place] = match;
  return {
    hasDeadline: until === 'deadline',
    interpreter: Number(id),
    agent: `${id}/${kind}`,
    isJob: kind === 'job',
    where: place === '' ? undefined : place,
  };
}

/** The number of the barrier that Python waits at, if it waits at the gate of one. */
export function barrierOf(gate: string | null | undefined): number | undefined {
  const match = /^barrier:(\d+)$/.exec(gate ?? '');
  return match === null ? undefined : Number(match[1]);
}

/** What a job of an interpreter is blocked at. `nameOf`: of a channel. */
export function blockedPython(
  party: Party,
  interpreter: number,
  waiters: readonly NativeWaiter[],
  nameOf: (channel: number) => string | null | undefined,
): Blocked | undefined {
  const own = waiters.flatMap((waiter) => {
    const label = parseLabel(waiter.label);
    return label?.interpreter === interpreter ? [{ waiter, label }] : [];
  });
  const [first] = own;
  if (first === undefined || own.some(({ label }) => label.hasDeadline || !label.isJob))
    return undefined;
  const barrier = own
    .map(({ waiter }) => barrierOf(nameOf(waiter.channel)))
    .find((found) => found !== undefined);
  const places: Place[] =
    barrier === undefined
      ? own.map(({ waiter: { channel, direction } }) => ({ channel, direction }))
      : [{ channel: barrier, direction: 'receive' }];
  return {
    party,
    operation: barrier !== undefined ? 'sync' : own.length > 1 ? 'select' : first.waiter.direction,
    places,
    waited: Math.min(...own.map(({ waiter }) => waiter.waited)),
    place: () => first.label.where,
  };
}
