// Tasks that were given ahead to an interpreter and wait behind one that takes long go back, so that
// others can take them. Looks only while there are such tasks.

import { patienceWith } from './ahead.js';
import type { Slot } from './slot.js';
import type { Task } from './task.js';

const INTERVAL_MS = 3;

/** Watches the interpreters of a pool. */
export class StallWatch {
  readonly #slots: readonly Slot[];
  readonly #takeBack: (tasks: readonly Task[]) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(slots: readonly Slot[], takeBack: (tasks: readonly Task[]) => void) {
    this.#slots = slots;
    this.#takeBack = takeBack;
  }

  /** Tasks wait behind others: have an eye on them. */
  watch(): void {
    this.#timer ??= setTimeout(() => this.#look(), INTERVAL_MS).unref();
  }

  #look(): void {
    this.#timer = undefined;
    const now = performance.now();
    const back: Task[] = [];
    let isAnyLeft = false;
    for (const slot of this.#slots) {
      if (slot.jobs.length < 2) continue;
      if (now < slot.since + patienceWith(slot)) isAnyLeft = true;
      else back.push(...withdrawFrom(slot));
    }
    if (isAnyLeft) this.watch();
    if (back.length > 0) this.#takeBack(back);
  }
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
