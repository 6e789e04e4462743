// Watches the channel operations of JavaScript processes: says what each waits for, and ends its
// operations when it is stopped. Installed by the first process that is tracked.

import { types } from 'node:util';
import {
  type End,
  type Operation,
  observeOperations,
  type Performance,
  type Watcher,
} from '@multicore-python/channels';
import { MulticoreError, nextNumber, recapture } from '@multicore-python/core';
import { waitEvents } from '../network/events.js';
import { currentMember } from './current.js';
import type { Member } from './member.js';
import { Wait, WaitPromise } from './wait.js';

const watchers = new WeakMap<Member, MemberWatcher>();

/** Begins to watch; doing it again changes nothing. */
export function observe(): void {
  observeOperations(currentWatcher);
}

function currentWatcher(): MemberWatcher | undefined {
  const member = currentMember();
  if (member === undefined || member.outcome !== undefined) return undefined;
  let watcher = watchers.get(member);
  if (watcher === undefined) {
    watcher = new MemberWatcher(member);
    watchers.set(member, watcher);
  }
  return watcher;
}

/** Milliseconds per operation whose place is found out, and how many may be so in a row. */
const TRACE_EVERY = 2;
const TRACES_MAX = 16;

class MemberWatcher implements Watcher {
  readonly #member: Member;
  #traces = TRACES_MAX;
  #refilled = 0;
  /** What the operations of it stand for, while it does something made of several. */
  standsFor: readonly End[] | undefined;

  constructor(member: Member) {
    this.#member = member;
  }

  /** Whether to find out where an operation is begun: not for each of many, for it takes longer than the operation. */
  #isTraced(): boolean {
    const now = performance.now();
    this.#traces = Math.min(TRACES_MAX, this.#traces + (now - this.#refilled) / TRACE_EVERY);
    this.#refilled = now;
    if (this.#traces < 1) return false;
    this.#traces -= 1;
    return true;
  }

  check(): void {
    this.#member.signal.throwIfAborted();
  }

  perform<T>(operation: Operation, performance_: Performance<T>): Promise<T> {
    const member = this.#member;
    const own = operation.signal === member.signal ? undefined : operation.signal;
    for (const signal of [member.signal, own])
      if (signal?.aborted) return Promise.reject(signal.reason);
    const op = nextNumber();
    const begun = performance_.begin(op);
    member.lastActive = performance.now();
    if (!types.isPromise(begun)) return Promise.resolve(begun);
    const { standsFor } = this;
    const wait = new Wait(
      standsFor === undefined ? operation.kind : 'sync',
      standsFor ?? operation.ends,
      operation.hasDeadline,
      own !== undefined,
      this.#isTraced(),
      this.perform,
    );
    member.waits.add(wait);
    const finish = waitEvents.begin(member, wait);
    const cancel = (): void => performance_.cancel(op);
    member.signal.addEventListener('abort', cancel);
    own?.addEventListener('abort', cancel);
    const over = (): void => {
      member.waits.delete(wait);
      member.lastActive = performance.now();
      finish?.();
      member.signal.removeEventListener('abort', cancel);
      own?.removeEventListener('abort', cancel);
    };
    return WaitPromise.of(
      wait,
      begun.then(
        (value) => {
          over();
          return value;
        },
        (error: unknown) => {
          wait.giveUp();
          over();
          throw reasonFor(error, [own, member.signal]);
        },
      ),
    );
  }
}

/** What an aborted operation rejects with: the reason of its signal, as everywhere in Node. */
function reasonFor(error: unknown, signals: readonly (AbortSignal | undefined)[]): unknown {
  if (error instanceof MulticoreError && error.code === 'ERR_ABORTED')
    for (const signal of signals) if (signal?.aborted) return signal.reason;
  recapture(error);
  return error;
}

/**
 * Runs something made of several operations, all of which stand for waiting at `ends`: reports then
 * name these, and not the channels it is made of.
 */
export async function standingFor<T>(ends: readonly End[], run: () => Promise<T>): Promise<T> {
  const watcher = currentWatcher();
  if (watcher === undefined) return await run();
  const before = watcher.standsFor;
  watcher.standsFor = ends;
  try {
    return await run();
  } finally {
    watcher.standsFor = before;
  }
}
