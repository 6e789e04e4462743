// What a network looks like at one moment. Reading only.

import type { ChannelStats } from '@multicore-python/channels';
import { loadedBinding } from '@multicore-python/core';
import { Holders } from '../deadlock/holders.js';
import { barrierOf, parseLabel } from '../deadlock/waits.js';
import type { End } from '../holding.js';
import type { Member, MemberState } from '../monitor/member.js';
import type { Tracker } from '../monitor/tracker.js';
import { type Elsewhere, Everybody, figuresOf, type Inside } from './inside.js';

/** One thing that a process waits for. */
export interface SnapshotWait {
  readonly operation: 'send' | 'receive' | 'select' | 'sync';
  /** The numbers of the channels. */
  readonly channels: readonly number[];
  /** Milliseconds so far. */
  readonly waited: number;
  /** Where in its source, if that is known. */
  readonly where: string | undefined;
}

/** One process. */
export interface SnapshotProcess {
  readonly id: number;
  readonly name: string;
  readonly language: 'javascript' | 'python';
  readonly state: MemberState;
  /** The number of the process that runs it, if it is not the network itself. */
  readonly parent: number | null;
  readonly waits: readonly SnapshotWait[];
  /** How often a supervisor started it again. */
  readonly restarts: number;
  /** Milliseconds since it was started, until it ended. */
  readonly age: number;
  /**
   * Of a Python process: the interpreter, for how many milliseconds it has worked on this process,
   * waits included, and how many milliseconds of processor time that took.
   */
  readonly interpreter: {
    readonly id: number;
    readonly name: string;
    readonly busy: number;
    readonly cpu: number;
  } | null;
}

/** One channel whose ends processes of the network hold. */
export interface SnapshotChannel extends ChannelStats {
  /** Messages a second since the snapshot before, or since the channel was first seen. */
  readonly throughput: number;
  /** The numbers of the running processes that have a sender. */
  readonly sendingProcesses: readonly number[];
  /** The numbers of the running processes that have a receiver. */
  readonly receivingProcesses: readonly number[];
}

/** A network at one moment, with the networks and compositions inside of it. */
export interface NetworkSnapshot {
  readonly name: string;
  readonly at: Date;
  /** Those that run first, those inside of others after the network's own, then those that ended. */
  readonly processes: readonly SnapshotProcess[];
  readonly channels: readonly SnapshotChannel[];
}

/** Counts messages between two looks. */
export class Throughput {
  readonly #last = new Map<number, { at: number; received: number }>();

  /** Messages a second since the last look. */
  of({ id, received }: ChannelStats): number {
    const at = performance.now();
    const last = this.#last.get(id);
    this.#last.set(id, { at, received });
    if (last === undefined || at <= last.at) return 0;
    return ((received - last.received) * 1000) / (at - last.at);
  }
}

/** Looks at everything once. */
export function takeSnapshot(
  tracker: Tracker,
  ends: readonly End[],
  throughput: Throughput,
): NetworkSnapshot {
  const everybody = new Everybody(tracker);
  const binding = loadedBinding();
  const stats = binding.listChannels();
  const names = new Map(stats.map(({ id, name }) => [id, name]));
  const waiters = binding.listWaiters().flatMap((waiter) => {
    const label = parseLabel(waiter.label);
    return label === undefined ? [] : [{ ...waiter, ...label }];
  });
  const waitsIn = (interpreter: number | undefined): SnapshotWait[] => {
    const own = waiters.filter((waiter) => waiter.interpreter === interpreter);
    const [first] = own;
    if (first === undefined) return [];
    const barrier = own
      .map(({ channel }) => barrierOf(names.get(channel)))
      .find((found) => found !== undefined);
    return [
      {
        operation: barrier !== undefined ? 'sync' : own.length > 1 ? 'select' : first.direction,
        channels: barrier !== undefined ? [barrier] : own.map(({ channel }) => channel),
        waited: first.waited,
        where: first.where,
      },
    ];
  };
  const { running, ended, elsewhere } = everybody;
  // Who runs others waits for them, and not for what is sent through a channel.
  const runners = new Set(elsewhere.map(({ parent }) => parent));
  const waitsOf = ({ id, interpreter }: Inside | Elsewhere): SnapshotWait[] =>
    runners.has(id) ? [] : waitsIn(interpreter?.id);
  const processes = [
    ...running.map((each) =>
      own(each, each.language === 'python' ? waitsOf(each) : javaScriptWaits(each.member)),
    ),
    ...elsewhere.map((each) => foreign(each, waitsOf(each))),
    ...ended.map((each) => own(each, [])),
  ];
  const all = [...new Set([...ends, ...everybody.ends])];
  const parties = [...running, ...elsewhere];
  const holders = new Holders<Inside | Elsewhere>(binding.listEnds(), stats, parties, all);
  const numbers = new Set(all.flatMap((end) => (end.isOpen ? [end.channelId] : [])));
  const channels = stats
    .filter(({ id }) => numbers.has(id))
    .map((each) => ({
      ...each,
      throughput: throughput.of(each),
      sendingProcesses: holders.of(each.id, 'send').map(({ id }) => id),
      receivingProcesses: holders.of(each.id, 'receive').map(({ id }) => id),
    }));
  return { name: tracker.name, at: new Date(), processes, channels };
}

/** A process of this environment. */
function own(
  { id, name, language, member, parent, restarts }: Inside,
  waits: readonly SnapshotWait[],
): SnapshotProcess {
  const { interpreter: py } = member;
  return {
    id,
    name,
    language,
    state: stateOf(member, waits.length > 0),
    parent,
    waits,
    restarts,
    age: (member.endedAt ?? performance.now()) - member.startedAt,
    interpreter:
      py === undefined ? null : { id: py.id, name: py.name, busy: member.busy, cpu: member.cpu },
  };
}

/** A process that Python code runs in an interpreter of its own. */
function foreign(
  { id, name, language, parent, interpreter, noted: { agent, about } }: Elsewhere,
  waits: readonly SnapshotWait[],
): SnapshotProcess {
  const age = about === null ? 0 : Math.max(0, Date.now() - about.began);
  const figures = interpreter === undefined ? undefined : figuresOf(interpreter.id);
  const state = agent === null ? 'starting' : waits.length > 0 ? 'waiting' : 'running';
  const restarts = about?.restarts ?? 0;
  if (interpreter === undefined || figures === undefined)
    return { id, name, language, state, parent, waits, restarts, age, interpreter: null };
  const cpu = Math.max(0, figures.cpu - (about?.cpuBefore ?? 0));
  const at = { id: interpreter.id, name: figures.name, busy: age, cpu };
  return { id, name, language, state, parent, waits, restarts, age, interpreter: at };
}

function stateOf(member: Member, isWaiting: boolean): MemberState {
  if (member.outcome !== undefined) return member.outcome;
  if (!member.hasBegun) return 'starting';
  return isWaiting ? 'waiting' : 'running';
}

function javaScriptWaits(member: Member): SnapshotWait[] {
  return [...member.waits].map(({ operation, places, since, where }) => ({
    operation,
    channels: places.map(({ channel }) => channel),
    waited: performance.now() - since,
    where,
  }));
}
