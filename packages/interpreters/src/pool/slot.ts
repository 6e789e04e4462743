// One interpreter of a pool and the tasks that were given to it: the first runs, the others wait in
// the interpreter's own queue. What to give to whom is decided elsewhere.

import { type Binding, type Handle, nextNumber } from '@multicore-python/core';
import { inside } from '../inside.js';
import type { Interpreter } from '../interpreter.js';
import { learn } from './estimates.js';
import { Outbox } from './outbox.js';
import type { Task } from './task.js';

/** Whom a slot tells. */
export interface SlotOwner {
  /** A task begins to run. */
  began(task: Task): void;
  /** A task has come to its end. */
  ended(slot: Slot, task: Task, isOk: boolean, value: unknown): void;
  /** All that ended in this turn of the event loop has been told: so many tasks, so long each. */
  rested(slot: Slot, ended: readonly Task[], ms: number): void;
}

/** An interpreter of a pool. */
export class Slot {
  readonly py: Interpreter;
  /** Tasks that only this interpreter may run, before any other. */
  readonly pinned: Task[] = [];
  /** Tasks that were given to it and have not ended; the first runs. */
  readonly jobs: Task[] = [];
  /** What they are expected to take, in milliseconds. */
  backlog = 0;
  /** How many tasks it was given in its life. */
  tasks = 0;
  /** Milliseconds that it spent on tasks. */
  busyMs = 0;
  readonly bornAt: number = performance.now();
  /** Since when the first of `jobs` runs, or it is idle. */
  since: number = this.bornAt;
  /** Its task takes longer than expected: nothing is given to it until that has ended. */
  isStalled = false;
  /** It takes no more tasks. */
  isRetired = false;
  /** When its threads and memory were last looked at, and what ran since. */
  lookedAt: number = this.bornAt;
  readonly suspects: Set<string> = new Set();
  /** Bytes that its objects held after its start; undefined: not measured yet. */
  baseline: number | undefined;

  readonly #owner: SlotOwner;
  readonly #binding: Binding;
  readonly #handle: Handle;
  readonly #outbox: Outbox;
  #ended: Task[] = [];
  #restingSince: number = this.bornAt;

  constructor(py: Interpreter, owner: SlotOwner) {
    const { binding, handle } = inside(py);
    this.py = py;
    this.#owner = owner;
    this.#binding = binding;
    this.#handle = handle;
    this.#outbox = new Outbox(binding, handle);
  }

  /** Tasks have ended and their owner has not been told of all yet. */
  get isTelling(): boolean {
    return this.#ended.length > 0;
  }

  /** Threads that its tasks have left, the workers of executors included. */
  get strayThreads(): number {
    return this.#binding.strayThreads(this.#handle);
  }

  /** Takes what only it was to run; the pool's own look at it is not needed any more. */
  takePinned(): Task[] {
    return this.pinned.splice(0).filter(({ work }) => work.isInternal !== true);
  }

  /** Milliseconds spent on tasks, the one that runs included. */
  busyUntil(now: number): number {
    return this.busyMs + (this.jobs.length > 0 ? now - this.#restingSince : 0);
  }

  /** Gives it a task. */
  give(task: Task): void {
    task.job = 0;
    task.slot = this;
    task.state = 'given';
    task.expected = task.estimate.ms * (task.work.items?.length ?? 1);
    this.backlog += task.expected;
    this.jobs.push(task);
    if (task.work.isInternal !== true) this.tasks += 1;
    if (this.jobs.length === 1) {
      const now = performance.now();
      this.since = now;
      if (this.#ended.length === 0) this.#restingSince = now;
      this.#begin(task, now);
    }
    if (!task.isPlain) {
      this.#outbox.flush();
      this.#submit(task);
    } else {
      this.#outbox.add(task);
      // It has nothing else to do.
      if (this.jobs.length === 1) this.#outbox.flush();
    }
  }

  /** Takes a task back; says whether it had not begun, so that nothing of it was done. */
  withdraw(task: Task): boolean {
    if (task.work.perform !== undefined) return false;
    if (!this.#outbox.remove(task) && !this.#outbox.withdraw(task)) return false;
    this.#forget(task);
    task.job = 0;
    task.slot = undefined;
    task.state = 'waiting';
    if (task.work.isInternal !== true) this.tasks -= 1;
    this.#beginNext();
    return true;
  }

  /** Stops a task. Its end is told as that of any. */
  stop(task: Task): void {
    this.#outbox.flush();
    this.#binding.cancelJob(task.job);
  }

  /** Says that a task that waited behind another has begun after all. */
  markBegun(task: Task): void {
    if (task.state === 'given') this.#begin(task, performance.now());
  }

  /** Hands over one that needs a promise of its own. */
  #submit(task: Task): void {
    const job = nextNumber();
    task.job = job;
    this.#started(task, job).then(
      (value) => this.settle(task, job, true, value),
      (error: unknown) => this.settle(task, job, false, error),
    );
  }

  async #started(task: Task, job: number): Promise<unknown> {
    const { target, args, kwargs } = task;
    const { perform, items, budget = Infinity } = task.work;
    if (perform !== undefined) return perform(this.py);
    if (items === undefined) {
      return this.#binding.call(this.#handle, target, args, kwargs, Infinity, job);
    }
    const each = await this.#binding.callEach(this.#handle, target, items, kwargs, budget, job);
    task.each = each;
    if (!each[3]) throw each[4];
    return undefined;
  }

  /** The first of its tasks is the one that runs. */
  #beginNext(): void {
    const [next] = this.jobs;
    if (next?.state !== 'given') return;
    this.since = performance.now();
    this.#begin(next, this.since);
  }

  #begin(task: Task, now: number): void {
    task.state = 'running';
    task.startedAt = now;
    this.#owner.began(task);
  }

  /** A job has ended: the task's, unless that was withdrawn. */
  settle(task: Task, job: number, isOk: boolean, value: unknown): void {
    // A task that was withdrawn: it has another job by now, or none.
    if (task.job !== job || task.slot !== this) return;
    this.#forget(task);
    task.state = 'ended';
    this.since = performance.now();
    this.isStalled = false;
    this.#beginNext();
    this.#ended.push(task);
    // Results arrive many at a time: what they mean for this interpreter is thought about once.
    if (this.#ended.length === 1) queueMicrotask(() => this.#rest());
    this.#owner.ended(this, task, isOk, value);
  }

  #rest(): void {
    const ended = this.#ended;
    this.#ended = [];
    const now = performance.now();
    const busy = now - this.#restingSince;
    this.#restingSince = now;
    this.busyMs += busy;
    const calls = ended.reduce((sum, task) => sum + task.calls, 0);
    const each = busy / Math.max(1, calls);
    for (const task of ended) {
      // Of many calls in a row Python's side knows how long they took.
      if (task.each === undefined) learn(task.estimate, each);
      else if (task.calls > 0) learn(task.estimate, task.each[1] / task.calls);
      if (task.work.items !== undefined) this.tasks += task.calls - 1;
    }
    this.#owner.rested(this, ended, each);
  }

  #forget(task: Task): void {
    const at = this.jobs.indexOf(task);
    if (at === 0) this.jobs.shift();
    else if (at > 0) this.jobs.splice(at, 1);
    this.backlog = this.jobs.length === 0 ? 0 : this.backlog - task.expected;
  }
}
