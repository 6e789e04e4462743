// Locks, semaphores, events, conditions and barriers. Types only.

import type { Handle } from './handle.js';

/** Primitives; `op` as of channels. */
export interface SyncFunctions {
  /** For a condition `n` is the handle of its lock. */
  createPrimitive(
    kind: 'lock' | 'semaphore' | 'event' | 'condition' | 'barrier',
    n: number,
  ): Handle;
  /**
   * Lock, semaphore: the handle of a permit. Event: true. Condition: a notification. Each at once or as
   * a promise. Barrier: `[index, promise]`, without a promise when all are there.
   */
  primitiveWait(primitive: Handle, timeout: number, op: number): unknown;
  /** `try` gives the handle of a permit or undefined, `notify` how many were, `lock` the lock of a condition. */
  primitiveDo(
    primitive: Handle,
    what: 'try' | 'add' | 'set' | 'clear' | 'notify' | 'lock' | 'reset' | 'abort',
    n: number,
  ): unknown;
  /** `count`: permits that nobody holds, parties that wait, 1 for an event that is set. */
  primitiveState(
    primitive: Handle,
  ): readonly [id: number, count: number, total: number, broken: string | null];
  /** Gives a permit back, and its handle. False: that was done before. */
  releasePermit(permit: Handle): boolean;
}
