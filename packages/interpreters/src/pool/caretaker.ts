// Looks after interpreters between tasks: did tasks leave threads behind, has it grown too large, has it
// been idle too long. A look is a job of the interpreter, and the next task would wait for it: there is one
// only if the core counted more threads than there should be, or the process has grown.

import { errorText, MulticoreError } from '@multicore-python/core';
import type { ReplacementReason } from './replacement.js';
import type { Settings } from './settings.js';
import type { Slot } from './slot.js';
import { Task } from './task.js';

/** After tasks that took longer than this, each is looked after; shorter ones together. */
const LONG_MS = 1;
const LOOK_EVERY_MS = 50;
/** How often the process is asked how large it is; that takes 10 µs. */
const WEIGH_EVERY_MS = 2;
const LOOK_TIMEOUT_MS = 5000;
const SUSPECTS_MAX = 16;
const LOOK = 'multicore._pool:look';

/** What can be done about an interpreter. */
export interface Remedies {
  /** Runs this in it, as soon as it has ended what it was given. */
  look(slot: Slot, task: Task): void;
  replace(slot: Slot, reason: ReplacementReason, detail: string): void;
  shrink(slot: Slot): void;
}

/** Looks after the interpreters of one pool. */
export class Caretaker {
  readonly #settings: Settings;
  readonly #idle: readonly Slot[];
  readonly #remedies: Remedies;
  readonly #lookEstimate = { ms: 0.05 };
  /** The process's memory when an interpreter was measured last. */
  readonly #rss = new WeakMap<Slot, number>();
  #weighedAt = 0;
  readonly #idleSince = new WeakMap<Slot, number>();
  #isStopped = false;
  #looking: NodeJS.Timeout | undefined;
  #shrinking: NodeJS.Timeout | undefined;

  constructor(settings: Settings, idle: readonly Slot[], remedies: Remedies) {
    this.#settings = settings;
    this.#idle = idle;
    this.#remedies = remedies;
  }

  /** Tasks ended, so long each. */
  note(slot: Slot, ended: readonly Task[], ms: number): void {
    for (const task of ended) {
      if (task.work.isInternal === true) continue;
      if (slot.suspects.size < SUSPECTS_MAX) slot.suspects.add(task.path);
      if (ms > LONG_MS) slot.lookedAt = 0;
    }
    // One that always has tasks is looked at all the same.
    const isBusy = slot.jobs.length > 0 && slot.pinned.length === 0 && !slot.isRetired;
    if (isBusy && !this.#isStopped && this.#isNeeded() && this.#isDue(slot)) this.#consider(slot);
  }

  /** An interpreter has nothing to do. */
  idled(slot: Slot): void {
    this.#idleSince.set(slot, performance.now());
    if (this.#settings.idleTimeout < Infinity) this.#shrinkLater(this.#settings.idleTimeout);
    if (!this.#isNeeded()) return;
    if (this.#isDue(slot)) this.#consider(slot);
    else if (slot.suspects.size > 0) {
      this.#looking ??= setTimeout(() => this.#lookAround(), LOOK_EVERY_MS).unref();
    }
  }

  /** No more looks. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#looking);
    clearTimeout(this.#shrinking);
  }

  /** Whether there is anything to look for. */
  #isNeeded(): boolean {
    return this.#settings.create.serial !== true || this.#settings.recycleMemory < Infinity;
  }

  #isDue(slot: Slot): boolean {
    if (slot.baseline === undefined && this.#settings.recycleMemory < Infinity) return true;
    if (slot.suspects.size === 0) return false;
    return performance.now() - slot.lookedAt >= LOOK_EVERY_MS || this.#hasGrown(slot);
  }

  /** Whether the process has grown by as much as this interpreter alone may, since it was measured. */
  #hasGrown(slot: Slot): boolean {
    const before = this.#rss.get(slot);
    const now = performance.now();
    if (before === undefined || now - this.#weighedAt < WEIGH_EVERY_MS) return false;
    this.#weighedAt = now;
    return process.memoryUsage.rss() - before >= this.#settings.recycleMemory;
  }

  #lookAround(): void {
    this.#looking = undefined;
    for (const slot of [...this.#idle]) if (slot.suspects.size > 0) this.#consider(slot);
  }

  #consider(slot: Slot): void {
    const measure = this.#isMeasured(slot);
    if (measure || slot.strayThreads > 0) this.#look(slot, measure);
    else this.#found(slot);
  }

  #look(slot: Slot, measure: boolean): void {
    const task = new Task({ path: LOOK, args: [measure], isInternal: true }, this.#lookEstimate, {
      timeout: LOOK_TIMEOUT_MS,
    });
    task.promise.then(
      (found) => this.#judge(slot, measure, found as readonly [number, number]),
      (error: unknown) => this.#failed(slot, error),
    );
    this.#remedies.look(slot, task);
  }

  /** Measuring takes a while: only if the process has grown that much, or for the first time. */
  #isMeasured(slot: Slot): boolean {
    const { recycleMemory } = this.#settings;
    if (recycleMemory === Number.POSITIVE_INFINITY) return false;
    const rss = process.memoryUsage.rss();
    const before = this.#rss.get(slot);
    // Half: others may have shrunk meanwhile.
    if (before !== undefined && rss - before < recycleMemory / 2) return false;
    this.#rss.set(slot, rss);
    return true;
  }

  #judge(slot: Slot, measured: boolean, [threads, bytes]: readonly [number, number]): void {
    if (slot.isRetired || this.#isStopped) return;
    if (threads > 0) {
      const what = threads === 1 ? 'a thread' : `${threads} threads`;
      this.#remedies.replace(slot, 'threads', `${what} that its tasks started did not end`);
      return;
    }
    if (measured) {
      const grown = bytes - (slot.baseline ?? bytes);
      slot.baseline ??= bytes;
      if (grown > this.#settings.recycleMemory) {
        const limit = this.#settings.recycleMemory;
        this.#remedies.replace(
          slot,
          'memory',
          `its objects hold ${grown} bytes more than at its start, over ${limit}`,
        );
        return;
      }
    }
    this.#found(slot);
  }

  /** There is nothing wrong with it. */
  #found(slot: Slot): void {
    slot.lookedAt = performance.now();
    slot.suspects.clear();
  }

  #failed(slot: Slot, error: unknown): void {
    if (slot.isRetired || this.#isStopped) return;
    const isGone = error instanceof MulticoreError && error.code === 'ERR_INTERPRETER_CLOSED';
    const detail = errorText(error);
    this.#remedies.replace(slot, isGone ? 'closed' : 'stopped', detail);
  }

  #shrinkLater(ms: number): void {
    this.#shrinking ??= setTimeout(() => this.#shrink(), ms).unref();
  }

  /** Closes what has been idle for long, the longest first. */
  #shrink(): void {
    this.#shrinking = undefined;
    const { idleTimeout } = this.#settings;
    const late = performance.now() - idleTimeout;
    for (const slot of [...this.#idle]) {
      if ((this.#idleSince.get(slot) ?? Infinity) <= late) this.#remedies.shrink(slot);
    }
    if (this.#idle.length > 0) this.#shrinkLater(idleTimeout);
  }
}
