// The running processes of one network: told by every process that starts and ends. What is made of
// it is in ../network, ../deadlock and ../supervise.

import { isConsequence, poisonReason } from '../failure.js';
import { processEvents } from '../network/events.js';
import type { Context, Process } from '../process.js';
import { runAs } from './current.js';
import { Member } from './member.js';
import { observe } from './observe.js';
import type { Scope } from './scope.js';

/** How many processes that ended a network remembers. */
const ENDED_MAX = 1000;
let count = 0;

/** A number for a process that runs, unique in this environment. */
export function nextId(): number {
  count += 1;
  return count;
}

/** Keeps count of the processes of a network. */
export class Tracker {
  readonly name: string;
  readonly running: Set<Member> = new Set();
  readonly ended: Member[] = [];
  /** Networks that run as parts of this one. */
  readonly scopes: Set<Scope> = new Set();
  /** How many were started again, by process. */
  readonly restarts: WeakMap<Process<unknown>, number> = new WeakMap();
  /** Things that go on although no process does: a supervisor that waits before it restarts one. */
  underWay = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Runs a process that is not made of others. */
  async run<Result>(
    process: Process<Result>,
    context: Context,
    work: (context: Context) => Promise<Result>,
  ): Promise<Result> {
    const member = new Member(nextId(), process, this, context.hard ?? context.signal);
    member.isGentle = context.isGentle ?? false;
    this.running.add(member);
    processEvents.begin(member);
    try {
      const own = { ...context, member };
      let result: Result;
      if (member.language === 'javascript') {
        observe();
        member.hasBegun = true;
        result = await runAs(member, () => work(own));
      } else {
        result = await work(own);
      }
      this.#end(member, 'done');
      return result;
    } catch (error) {
      const { signal } = context;
      this.#end(
        member,
        poisonReason(error) !== undefined || (signal.aborted && isConsequence(error, signal.reason))
          ? 'stopped'
          : 'failed',
        error,
      );
      throw error;
    }
  }

  /** A process is started once more. */
  restarted(process: Process<unknown>): void {
    this.restarts.set(process, (this.restarts.get(process) ?? 0) + 1);
  }

  #end(member: Member, outcome: 'done' | 'failed' | 'stopped', error?: unknown): void {
    member.end(outcome);
    this.running.delete(member);
    this.ended.push(member);
    if (this.ended.length > ENDED_MAX) this.ended.shift();
    processEvents.end(member, error);
  }
}
