// Telling processes to stop, in two steps: first they are asked, and may finish what they have; then
// their operations end.

import { setMaxListeners } from 'node:events';

/** The two signals of a stop. */
export interface Signals {
  /** Aborts when the process is asked to stop. */
  readonly signal: AbortSignal;
  /** Aborts when it may do nothing more. */
  readonly hard: AbortSignal;
}

/** The stopping of one process, or of several together. */
export class Stop {
  readonly #soft = new AbortController();
  readonly #hard = new AbortController();
  readonly #drain: number;
  readonly #onOver: (() => void)[] = [];

  /** `drain`: milliseconds between the two steps. */
  constructor(drain: number) {
    this.#drain = drain;
    // Every operation that waits listens.
    setMaxListeners(0, this.#soft.signal, this.#hard.signal);
  }

  get signals(): Signals {
    return { signal: this.#soft.signal, hard: this.#hard.signal };
  }

  get isStopped(): boolean {
    return this.#soft.signal.aborted;
  }

  /** Why it was stopped. */
  get reason(): unknown {
    return this.#soft.signal.reason;
  }

  /** Stops; only the first reason counts. */
  stop(reason: unknown): void {
    if (this.#soft.signal.aborted) return;
    this.#soft.abort(reason);
    const end = (): void => this.#hard.abort(reason);
    if (this.#drain === 0) {
      end();
    } else {
      const timer = setTimeout(end, this.#drain);
      this.onOver(() => clearTimeout(timer));
    }
  }

  /** Calls something once all has ended. */
  onOver(action: () => void): void {
    this.#onOver.push(action);
  }

  /** All has ended. */
  over(): void {
    for (const action of this.#onOver.splice(0)) action();
  }
}
