// What happens in networks, on Node's diagnostics channels: for recordings, and for programs that
// subscribe. Costs one look when nobody listens.

import { channel } from 'node:diagnostics_channel';
import type { Member } from '../monitor/member.js';
import type { Wait } from '../monitor/wait.js';

/** Published on `multicore-python:csp:process`. */
export interface ProcessEvent {
  readonly phase: 'start' | 'end';
  readonly network: string;
  readonly process: string;
  /** Unique in this program; the same at start and end. */
  readonly id: number;
  readonly language: 'javascript' | 'python';
  readonly outcome?: 'done' | 'failed' | 'stopped' | undefined;
  readonly error?: unknown;
  /** At the end of a Python process: the number of the interpreter that it ran in. */
  readonly interpreter?: number | undefined;
}

/** Published on `multicore-python:csp:wait`: a JavaScript process waits, or has done so. */
export interface WaitEvent {
  readonly phase: 'start' | 'end';
  readonly network: string;
  readonly process: string;
  /** The process's. */
  readonly id: number;
  readonly operation: 'send' | 'receive' | 'select' | 'sync';
  /** The numbers of the channels. */
  readonly channels: readonly number[];
}

const processes = channel('multicore-python:csp:process');
const waits = channel('multicore-python:csp:wait');

function publish(member: Member, phase: 'start' | 'end', error?: unknown): void {
  if (!processes.hasSubscribers) return;
  const { id, name, language, outcome, tracker } = member;
  const event: ProcessEvent = {
    phase,
    network: tracker.name,
    process: name,
    id,
    language,
    outcome,
    error,
    interpreter: phase === 'end' ? member.interpreter?.id : undefined,
  };
  processes.publish(event);
}

/** Tells of processes. */
export const processEvents = {
  begin(member: Member): void {
    publish(member, 'start');
  },
  end(member: Member, error?: unknown): void {
    publish(member, 'end', error);
  },
};

/** Tells of waits. */
export const waitEvents = {
  /** Gives what is to be called at the end, if anybody listens. */
  begin(member: Member, wait: Wait): (() => void) | undefined {
    if (!waits.hasSubscribers) return undefined;
    const event = {
      network: member.tracker.name,
      process: member.name,
      id: member.id,
      operation: wait.operation,
      channels: wait.places.map(({ channel: id }) => id),
    };
    waits.publish({ phase: 'start', ...event } satisfies WaitEvent);
    return () => waits.publish({ phase: 'end', ...event } satisfies WaitEvent);
  },
};
