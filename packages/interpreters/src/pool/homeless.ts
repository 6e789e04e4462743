// Tasks that are for one interpreter each, whichever, and theirs is gone or not there yet.

import type { Task } from './task.js';

/** They wait for the next interpreters. */
export class Homeless {
  readonly #tasks: Task[] = [];

  get length(): number {
    return this.#tasks.length;
  }

  add(...tasks: readonly Task[]): void {
    this.#tasks.push(...tasks);
  }

  /** What one interpreter is to run: one of each broadcast. */
  take(): Task[] {
    const taken = new Map<unknown, Task>();
    for (const task of this.#tasks) {
      if (!taken.has(task.work.broadcast)) taken.set(task.work.broadcast, task);
    }
    for (const task of taken.values()) this.remove(task);
    return [...taken.values()];
  }

  /** All of them. */
  takeAll(): Task[] {
    return this.#tasks.splice(0);
  }

  remove(task: Task): void {
    const at = this.#tasks.indexOf(task);
    if (at >= 0) this.#tasks.splice(at, 1);
  }
}
