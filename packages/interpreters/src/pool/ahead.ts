// Which busy interpreter may be given a task ahead, so that it need not wait for the event loop between
// two short ones.

import type { Slot } from './slot.js';
import type { Task } from './task.js';

/** An interpreter is given tasks ahead for so many milliseconds of work… */
export const AHEAD_MS = 2;
/** …but never more than so many. */
const AHEAD_MAX = 512;

/** Chooses among the interpreters of a pool, in turn. */
export class Ahead {
  readonly #slots: readonly Slot[];
  readonly #tasksMax: number;
  #turn = 0;
  #isSaturated = false;

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
