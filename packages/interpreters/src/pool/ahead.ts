// Which busy interpreter may be given a task ahead, so that it need not wait for the event loop between
// two: many short ones, or one that takes longer. That one is never worse off: whoever becomes idle takes
// it over, and it goes back when the task before it takes longer than expected, or a more urgent one comes.

import type { Slot } from './slot.js';
import type { Task } from './task.js';

/** An interpreter is given tasks ahead for so many milliseconds of work… */
export const AHEAD_MS = 2;
/** …but never more than so many. */
const AHEAD_MAX = 512;
/** One task may be given ahead that takes up to so many milliseconds: before longer ones the gap does not matter. */
const NEXT_MS = 200;

/** Chooses among the interpreters of a pool, in turn. */
export class Ahead {
  readonly #slots: readonly Slot[];
  readonly #tasksMax: number;
  #turn = 0;
  #isSaturated = false;
  /** One that takes longer may be waiting in an interpreter. */
  #isAnyNext = false;

  /** No interpreter gets more than `tasksMax` tasks in its life. */
  constructor(slots: readonly Slot[], tasksMax: number) {
    this.#slots = slots;
    this.#tasksMax = tasksMax;
  }

  /** Something has ended or begun: it is worth looking again. */
  reopen(): void {
    this.#isSaturated = false;
  }

  /** A busy interpreter that may have this task ahead. */
  slotFor({ estimate, work }: Task): Slot | undefined {
    const ms = estimate.ms * (work.items?.length ?? 1);
    if (this.#isSaturated || !(ms <= AHEAD_MS)) return undefined;
    for (let tries = this.#slots.length; tries > 0; tries -= 1) {
      this.#turn = this.#turn + 1 < this.#slots.length ? this.#turn + 1 : 0;
      const slot = this.#slots[this.#turn];
      if (slot !== undefined && this.#takes(slot, ms)) return slot;
    }
    this.#isSaturated = true;
    return undefined;
  }

  /** The busy interpreter that this longer task may wait in: the one that is expected to end first. */
  nextSlotFor({ estimate, work }: Task): Slot | undefined {
    const ms = estimate.ms * (work.items?.length ?? 1);
    if (!(ms > AHEAD_MS && ms <= NEXT_MS) || work.perform !== undefined) return undefined;
    const now = performance.now();
    let first: Slot | undefined;
    for (const slot of this.#slots) {
      const isOpen = slot.jobs.length === 1 && !slot.isStalled && slot.pinned.length === 0;
      if (!isOpen || !(slot.backlog <= NEXT_MS) || slot.tasks >= this.#tasksMax) continue;
      if (now > slot.since + patienceWith(slot)) continue;
      if (first === undefined || endOf(slot) < endOf(first)) first = slot;
    }
    if (first !== undefined) this.#isAnyNext = true;
    return first;
  }

  /** Takes a longer task back from the interpreter that is expected to end last; one of lower priority than `below`, if given. */
  takeNext(below?: number): Task | undefined {
    while (this.#isAnyNext) {
      let last: Slot | undefined;
      for (const slot of this.#slots) {
        const next = nextOf(slot);
        if (next === undefined || (below !== undefined && next.priority >= below)) continue;
        if (last === undefined || endOf(slot) > endOf(last)) last = slot;
      }
      if (last === undefined) {
        this.#isAnyNext = this.#slots.some((slot) => nextOf(slot) !== undefined);
        return undefined;
      }
      const task = nextOf(last) as Task;
      if (last.withdraw(task)) return task;
      last.markBegun(task);
    }
    return undefined;
  }

  #takes(slot: Slot, ms: number): boolean {
    return (
      slot.backlog + ms <= AHEAD_MS &&
      slot.jobs.length < AHEAD_MAX &&
      !slot.isStalled &&
      slot.pinned.length === 0 &&
      slot.tasks < this.#tasksMax
    );
  }
}

/** The longer task that waits in an interpreter and has not begun. */
function nextOf({ jobs: [, next] }: Slot): Task | undefined {
  return next?.state === 'given' && next.expected > AHEAD_MS ? next : undefined;
}

/** When an interpreter is expected to have ended what runs. */
function endOf(slot: Slot): number {
  return slot.since + (slot.jobs[0]?.expected ?? 0);
}

/** Tasks behind a short one wait for it at least so long. */
const PATIENCE_MS = 4;

/** How many milliseconds the task that runs may take before those behind it go back. */
export function patienceWith({ jobs: [first] }: Slot): number {
  const expected = first?.expected ?? 0;
  return Math.max(PATIENCE_MS, expected <= NEXT_MS ? 2 * expected : 0);
}
