// Tasks on their way to one interpreter: handed over many at a time, because that costs little more
// than handing over one. Nothing stays here beyond the turn of the event loop in which it came.

import {
  type Binding,
  forgetJob,
  type Handle,
  nextNumber,
  nextNumbers,
  whenJobEnds,
} from '@multicore-python/core';
import type { Task } from './task.js';

/** So many go at once; more do not make it cheaper. */
const FULL = 64;

/** Hands tasks to one interpreter. */
export class Outbox {
  readonly #binding: Binding;
  readonly #handle: Handle;
  #tasks: Task[] = [];
  #isDue = false;

  constructor(binding: Binding, handle: Handle) {
    this.#binding = binding;
    this.#handle = handle;
  }

  /** Adds a task; it goes at the end of this turn of the event loop, or when there are many. */
  add(task: Task): void {
    this.#tasks.push(task);
    if (this.#tasks.length >= FULL) this.flush();
    else if (!this.#isDue) {
      this.#isDue = true;
      queueMicrotask(() => {
        this.#isDue = false;
        this.flush();
      });
    }
  }

  /** Takes a task out; says whether it was here. */
  remove(task: Task): boolean {
    const at = this.#tasks.indexOf(task);
    if (at >= 0) this.#tasks.splice(at, 1);
    return at >= 0;
  }

  /** Takes back what the interpreter was given and has not begun; says whether it had not. */
  withdraw(task: Task): boolean {
    if (!this.#binding.withdrawJob(task.job)) return false;
    forgetJob(task.job);
    return true;
  }

  /** Hands over what is here. */
  flush(): void {
    const tasks = this.#tasks;
    if (tasks.length === 0) return;
    this.#tasks = [];
    for (let at = 0; at < tasks.length; ) at = this.#send(tasks, at);
  }

  /** Hands over those from `at` on that are alike; gives the place after them. */
  #send(tasks: readonly Task[], at: number): number {
    const { target, takesItem } = tasks[at] as Task;
    let end = at + 1;
    while (
      end < tasks.length &&
      tasks[end]?.target === target &&
      tasks[end]?.takesItem === takesItem
    )
      end += 1;
    const calls: unknown[] = [];
    for (let i = at; i < end; i += 1) {
      const { args } = tasks[i] as Task;
      calls.push(takesItem ? args?.[0] : args);
    }
    const job = nextNumbers(end - at);
    const taken = this.#submit(calls, target as number, takesItem, job, tasks[at] as Task);
    for (let i = 0; i < taken; i += 1) {
      const task = tasks[at + i] as Task;
      task.job = job + i;
      whenJobEnds(task.job, task);
    }
    return at + Math.max(1, taken);
  }

  #submit(
    calls: readonly unknown[],
    target: number,
    takesItem: boolean,
    job: number,
    first: Task,
  ): number {
    try {
      return this.#binding.callMany(this.#handle, target, calls, takesItem, job);
    } catch (error) {
      // The arguments of the first cannot cross; the others may.
      const refused = nextNumber();
      first.job = refused;
      queueMicrotask(() => first.jobEnded(refused, false, error));
      return 0;
    }
  }
}
