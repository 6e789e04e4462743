// What a pool says about itself. Types only.

import type { TimeStats } from './times.js';

/** Figures about a pool. */
export interface PoolStats {
  /** How many interpreters live and take tasks. */
  readonly interpreters: number;
  /** How many of them have a task. */
  readonly busy: number;
  /** How many are about to live. */
  readonly starting: number;
  /** How many tasks run. */
  readonly running: number;
  /** How many tasks wait. */
  readonly waiting: number;
  /** How many tasks ended well. */
  readonly completed: number;
  /** How many tasks failed, timed out or were aborted. */
  readonly failed: number;
  /** How many interpreters were replaced. */
  readonly replaced: number;
  /** How many interpreters could not be ended and were left behind. */
  readonly abandoned: number;
  /** The part of their lives that the interpreters spent on tasks: 0 to 1. */
  readonly utilization: number;
  /** How long tasks ran. */
  readonly runTime: TimeStats;
  /** How long tasks waited before they began. */
  readonly waitTime: TimeStats;
}
