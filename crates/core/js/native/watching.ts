// Who waits, what happened and who holds what: for deadlock detection, recordings and diagnostics. Types only.

import type { Handle } from './handle.js';

/** One case of an operation that waits at a channel. */
export interface NativeWaiter {
  readonly channel: number;
  readonly direction: 'send' | 'receive';
  /** Milliseconds so far. */
  readonly waited: number;
  /**
   * Of Python, while `watchWaits` is on: `python/<until>/<interpreter's id>/<kind>/<file>:<line>:<function>`.
   * until: `forever` or `deadline`; kind: `job`, or `thread-<ident>` for one that Python code started.
   */
  readonly label: string | null;
}

/** One wait of Python code at channels that is over. */
export interface NativeWaited {
  /** Who waited, and where: `<interpreter's id>/<kind>/<file>:<line>:<function>`. */
  readonly place: string;
  readonly operation: 'send' | 'receive' | 'select';
  readonly channels: readonly number[];
  /** How many milliseconds ago. */
  readonly began: number;
  readonly ended: number;
}

/** What an agent says that it does for others while it waits. */
export interface NativeNote {
  /** `<interpreter's id>/<kind>`, as in labels of waits. */
  readonly agent: string;
  /** Tells the notes of an agent apart. */
  readonly key: number;
  /** Milliseconds since it was made, or made anew. */
  readonly age: number;
  readonly note: unknown;
}

/** A channel end and whose it is: a handle of this environment, or Python code of an interpreter. */
export type NativeHeldEnd = {
  readonly channel: number;
  readonly direction: 'send' | 'receive';
} & (
  | { readonly handle: Handle; readonly interpreter?: undefined }
  | { readonly interpreter: number; readonly handle?: undefined }
);

/** Of the whole process. */
export interface WatchingFunctions {
  /** Whether Python's waits are labelled; counted, so that each `true` needs its `false`. */
  watchWaits(on: boolean): void;
  /**
   * From now on `tell` is called for what Python code does to channels, as far as it is of these classes
   * (a bit for each, in the order of `EVENTS` in the package `channels`), instead of what was given before.
   * 0: no more. It is called from the event loop, some time after; does not keep that alive.
   */
  watchEvents(
    classes: number,
    tell: (
      eventClass: number,
      id: number,
      name: string | null,
      operation: 'send' | 'receive' | null,
      reason: string | null,
      interpreter: number | null,
    ) => void,
  ): void;
  /** Everybody who waits at a channel of the process; a `select` once for each of its cases. */
  listWaiters(): NativeWaiter[];
  /** The channel ends that this environment and Python code hold. */
  listEnds(): NativeHeldEnd[];
  /** Whether every wait of Python's is written down, while `watchWaits` is on; counted. */
  recordWaits(on: boolean): void;
  /** What was written down from a number on, and the number of the next; from the next one on without a number. */
  waitsSince(number?: number): [next: number, waits: NativeWaited[]];
  /** Makes a note for an agent, or takes it back with null. */
  setNote(agent: string, key: number, note: unknown): void;
  /** All notes of the process. */
  listNotes(): NativeNote[];
}
