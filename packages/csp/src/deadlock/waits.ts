// What every process of a network waits for, in both languages, as far as it waits at channels and
// nothing else can wake it.

import type { NativeWaiter } from '@multicore-python/core';
import type { Member } from '../monitor/member.js';
import { hasResources } from '../monitor/resources.js';
import type { Place, Wait } from '../monitor/wait.js';

/** A process that waits. */
export interface Blocked {
  readonly member: Member;
  readonly operation: Wait['operation'];
  readonly places: readonly Place[];
  /** Milliseconds. */
  readonly waited: number;
  /** Where, as far as it is known when this is called. */
  readonly place: () => string | undefined;
}

/** What a JavaScript process is blocked at; undefined if it is not, or not surely. */
export function blockedJavaScript(member: Member): Blocked | undefined {
  const waits = [...member.waits];
  if (waits.length === 0 || waits.some(mayEndOtherwise)) return undefined;
  const main = waits.find(({ use }) => use === 'awaited');
  if (main === undefined || hasResources(member)) return undefined;
  return {
    member,
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
  readonly isJob: boolean;
  readonly where: string | undefined;
}

/** Takes a label apart. */
export function parseLabel(label: string | null): PythonLabel | undefined {
  const match = /^python\/(forever|deadline)\/(\d+)\/(job|thread)\/(.*)$/s.exec(label ?? '');
  if (match === null) return undefined;
  const [, until, id, kind, place] = match;
  return {
    hasDeadline: until === 'deadline',
    interpreter: Number(id),
    isJob: kind === 'job',
    where: place === '' ? undefined : place,
  };
}

/** The number of the barrier that Python waits at, if it waits at the gate of one. */
export function barrierOf(gate: string | null | undefined): number | undefined {
  const match = /^barrier:(\d+)$/.exec(gate ?? '');
  return match === null ? undefined : Number(match[1]);
}

/** What a Python process is blocked at. `nameOf`: of a channel. */
export function blockedPython(
  member: Member,
  waiters: readonly NativeWaiter[],
  nameOf: (channel: number) => string | null | undefined,
): Blocked | undefined {
  const py = member.interpreter;
  // Elsewhere threads may go on while one waits.
  if (py === undefined || !py.serial || py.state !== 'running') return undefined;
  const own = waiters.flatMap((waiter) => {
    const label = parseLabel(waiter.label);
    return label?.interpreter === py.id ? [{ waiter, label }] : [];
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
    member,
    operation: barrier !== undefined ? 'sync' : own.length > 1 ? 'select' : first.waiter.direction,
    places,
    waited: Math.min(...own.map(({ waiter }) => waiter.waited)),
    place: () => first.label.where,
  };
}
