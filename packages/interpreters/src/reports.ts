// What an interpreter says about itself. Types only.

/** What an interpreter shares with the others. */
export type Isolation = 'own-gil' | 'shared-gil' | 'main';

/** What an interpreter is doing. */
export type InterpreterState = 'idle' | 'running' | 'closing' | 'closed';

/** Figures about an interpreter. */
export interface InterpreterStats {
  /** Jobs that ended. */
  readonly jobs: number;
  /** Jobs that wait or run. */
  readonly pending: number;
  /** Milliseconds spent in jobs, what they waited included. */
  readonly busy: number;
  /**
   * Milliseconds of processor time that the thread of its jobs has used. Synchronous calls run on the
   * caller's thread, and are not in it.
   */
  readonly cpu: number;
  /** What its object allocator holds. */
  readonly allocatedBytes: number;
  /** Python threads in it, its own included. */
  readonly threads: number;
}

/** How a close ended. */
export interface CloseReport {
  /** Why the interpreter had to be left behind; null: it is gone and its memory given back. */
  readonly abandoned: string | null;
  /**
   * Only there if the interpreter is closed, but its memory stays allocated until the process ends: why.
   * An extension module that was not made for several interpreters (orjson, in `shared-gil`) keeps using
   * the objects of the first that loaded it.
   */
  readonly kept?: string;
}
