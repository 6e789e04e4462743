// Tasks that were given ahead to an interpreter and wait behind one that takes long go back, so that
// others can take them. Looks only while there are such tasks.

import { patienceWith } from './ahead.js';
import type { Slot } from './slot.js';
import type { Task } from './task.js';

/** Watches the interpreters of a pool. */
export class StallWatch {
  readonly #slots: readonly Slot[];
  readonly #takeBack: (tasks: readonly Task[]) => void;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires; it need not be renewed for what is due later. */
  #dueAt: number = Number.POSITIVE_INFINITY;

  constructor(slots: readonly Slot[], takeBack: (tasks: readonly Task[]) => void) {
    this.#slots = slots;
    this.#takeBack = takeBack;
  }

  /** If tasks wait behind the one that runs there: have an eye on them. */
  watch(slot: Slot): void {
    if (slot.jobs.length > 1) this.#lookAt(dueAt(slot));
  }

  #lookAt(due: number): void {
    if (due >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = due;
    const ms = Math.ceil(due - performance.now());
    this.#timer = setTimeout(() => this.#look(), ms).unref();
  }

  #look(): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    const back: Task[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const slot of this.#slots) {
      if (slot.jobs.length < 2) continue;
      const due = dueAt(slot);
      if (now < due) next = Math.min(next, due);
      else back.push(...withdrawFrom(slot));
    }
    if (next < Number.POSITIVE_INFINITY) this.#lookAt(next);
    if (back.length > 0) this.#takeBack(back);
  }
}

/** When those that wait in an interpreter go back. */
function dueAt(slot: Slot): number {
  return slot.since + patienceWith(slot);
}

/** Takes back all that has not begun, in order; nothing is given to it until its first task has ended. */
export function withdrawFrom(slot: Slot): Task[] {
  slot.isStalled = true;
  const back: Task[] = [];
  for (const task of slot.jobs.slice(1).toReversed()) {
    if (slot.withdraw(task)) back.unshift(task);
    // It runs although the first has not ended: that one is a coroutine, or both have ended and
    // it is only this event loop that does not know.
    else slot.markBegun(task);
  }
  return back;
}
