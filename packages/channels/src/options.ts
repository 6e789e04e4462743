// What waiting operations take. Types only.

/** How long an operation may wait and what ends the wait. */
export interface WaitOptions {
  /** Ends the wait when it aborts; the promise rejects with its reason, and nothing was sent or taken. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most, then `ERR_TIMEOUT`. */
  readonly timeout?: number | undefined;
}
