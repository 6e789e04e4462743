// How long calls of a function take, from those that ended. Only for deciding how far ahead of an
// interpreter tasks are given to it: a wrong estimate costs a little time, never a result.

/** What is expected of one function. */
export interface Estimate {
  /** Milliseconds; Infinity: not known yet. */
  ms: number;
  /** Its calls come to coroutines, as was seen in a chunk. */
  isAwaited?: boolean;
}

const FUNCTIONS_MAX = 4096;

/** Estimates by function. */
export class Estimates {
  readonly #known = new Map<string, Estimate>();

  /** The estimate of a function, to keep with a task. */
  of(path: string): Estimate {
    let estimate = this.#known.get(path);
    if (estimate === undefined) {
      if (this.#known.size >= FUNCTIONS_MAX) this.#known.clear();
      estimate = { ms: Number.POSITIVE_INFINITY };
      this.#known.set(path, estimate);
    }
    return estimate;
  }
}

/**
 * A call ended. Short times count more than long ones: what is measured includes waiting for a busy
 * event loop, and a task that takes unexpectedly long does not keep those behind it waiting anyway.
 */
export function learn(estimate: Estimate, ms: number): void {
  const { ms: before } = estimate;
  if (before === Number.POSITIVE_INFINITY) estimate.ms = ms;
  else estimate.ms = ms < before ? (before + ms) / 2 : before * 0.8 + ms * 0.2;
}
