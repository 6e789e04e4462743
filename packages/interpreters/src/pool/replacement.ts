// What is said about an interpreter that a pool replaces. Types only.

/** Why an interpreter was replaced. */
export type ReplacementReason =
  /** A task in it was stopped: aborted, timed out, interrupted. */
  | 'stopped'
  /** A task left threads behind. */
  | 'threads'
  /** It grew beyond `recycle.memory`. */
  | 'memory'
  /** It ran `recycle.tasks` tasks. */
  | 'tasks'
  /** Somebody closed it. */
  | 'closed';

/** An interpreter is replaced by a fresh one. */
export interface Replacement {
  /** The pool's name. */
  readonly pool: string;
  /** The interpreter's name. */
  readonly interpreter: string;
  readonly reason: ReplacementReason;
  /** The functions that may have caused it: one where that is known, else those that ran since it was last looked at. */
  readonly suspects: readonly string[];
  /** How many tasks it ran. */
  readonly tasks: number;
  /** What exactly was found. */
  readonly detail: string;
}
