// What a network looks like at one moment. Reading only.

import type { ChannelStats } from '@multicore-python/channels';
import { loadedBinding } from '@multicore-python/core';
import { Holders } from '../deadlock/holders.js';
import { barrierOf, parseLabel } from '../deadlock/waits.js';
import type { End } from '../holding.js';
import type { Member, MemberState } from '../monitor/member.js';
import type { Tracker } from '../monitor/tracker.js';

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

/** A network at one moment. */
export interface NetworkSnapshot {
  readonly name: string;
  readonly at: Date;
  /** Those that run first, then those that ended. */
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
  const members = [...tracker.running];
  const binding = loadedBinding();
  const stats = binding.listChannels();
  const names = new Map(stats.map(({ id, name }) => [id, name]));
  const waiters = binding.listWaiters().flatMap((waiter) => {
    const label = parseLabel(waiter.label);
    return label === undefined ? [] : [{ ...waiter, ...label }];
  });
  const pythonWaits = (member: Member): SnapshotWait[] => {
    const own = waiters.filter(({ interpreter }) => interpreter === member.interpreter?.id);
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
  const processes = [...members, ...tracker.ended].map((member): SnapshotProcess => {
    const isLive = member.outcome === undefined;
    const waits = !isLive
      ? []
      : member.language === 'python'
        ? pythonWaits(member)
        : javaScriptWaits(member);
    const { interpreter } = member;
    return {
      id: member.id,
      name: member.name,
      language: member.language,
      state: stateOf(member, waits.length > 0),
      waits,
      restarts: tracker.restarts.get(member.process) ?? 0,
      age: (member.endedAt ?? performance.now()) - member.startedAt,
      interpreter:
        interpreter === undefined
          ? null
          : {
              id: interpreter.id,
              name: interpreter.name,
              busy: member.busy,
              cpu: member.cpu,
            },
    };
  });
  const holders = new Holders(binding.listEnds(), stats, members, ends);
  const numbers = new Set(ends.flatMap((end) => (end.isOpen ? [end.channelId] : [])));
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
