// Signs of life of a process, for the supervisor that waits for them.

/** To be called by a process now and then; in Python it arrives as a function. */
export interface Heartbeat {
  (): void;
  /** Milliseconds that may pass between two calls. */
  readonly within: number;
  /** When it was called last, on the clock of `performance.now()`. */
  readonly last: number;
}

/**
 * A sign of life: a function for a process to call, in either language. A supervisor that is given it
 * restarts the process when it is not called for `within` milliseconds.
 *
 * @example
 * const beat = heartbeat(1000);
 * supervise([{ process: python("worker:run", [jobs, beat]), heartbeat: beat }]);
 */
export function heartbeat(within: number): Heartbeat {
  let last = performance.now();
  const beat = (): void => {
    last = performance.now();
  };
  Object.defineProperties(beat, { within: { value: within }, last: { get: () => last } });
  return beat as Heartbeat;
}
