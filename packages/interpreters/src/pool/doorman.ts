// Who may come in: how many tasks are in a pool, who waits for room, who waits for all to have gone.

import { SignalWatch } from './signals.js';

/** Counts tasks in and out. */
export class Doorman {
  readonly #most: number;
  /** In the order in which they came. */
  readonly #outside = new Set<() => void>();
  readonly #signals = new SignalWatch<(reason: unknown) => void>((leave, reason) => leave(reason));
  readonly #forQuiet: (() => void)[] = [];
  #inside = 0;
  /** Places for those who were told that there is room and are about to come. */
  #promised = 0;

  /** At most so many tasks in the pool, running or waiting. */
  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    if (this.#inside >= this.#most) return true;
    return this.#outside.size > 0 && this.#promised === 0;
  }

  /** One comes in. */
  enter(): void {
    this.#inside += 1;
    if (this.#promised > 0) this.#promised -= 1;
  }

  /** Keeps a place for one who comes in this turn of the event loop. */
  promise(): void {
    if (this.#promised === 0) {
      setImmediate(() => {
        this.#promised = 0;
        this.admit();
      });
    }
    this.#promised += 1;
  }

  /** One goes, and the next in line is called. */
  leave(): void {
    this.#inside -= 1;
    this.admit();
    if (this.#inside > 0 || this.#forQuiet.length === 0) return;
    // After those who wait for the last task have been told of its end.
    const waiting = this.#forQuiet.splice(0);
    setImmediate(() => {
      for (const tell of waiting) tell();
    });
  }

  /** Calls those in line while there is room. */
  admit(): void {
    while (this.#inside + this.#promised < this.#most) {
      const [next] = this.#outside;
      if (next === undefined) return;
      this.#outside.delete(next);
      next();
    }
  }

  /**
   * Calls `enter` when it is their turn, at once if there is room, or `refuse` if they leave the line
   * before. Gives the way to leave it, which says whether they stood in it still.
   */
  wait(
    enter: () => void,
    refuse: (reason: unknown) => void,
    signal: AbortSignal | undefined,
  ): (reason: unknown) => boolean {
    if (!this.isFull) {
      enter();
      return () => false;
    }
    const call = (): void => {
      if (signal !== undefined) this.#signals.forget(signal, leave);
      enter();
    };
    const leave = (reason: unknown): boolean => {
      if (!this.#outside.delete(call)) return false;
      if (signal !== undefined) this.#signals.forget(signal, leave);
      refuse(reason);
      return true;
    };
    this.#outside.add(call);
    if (signal !== undefined) this.#signals.watch(signal, leave);
    return leave;
  }

  /** Resolves when nobody is inside. */
  quiet(): Promise<void> {
    if (this.#inside === 0) return Promise.resolve();
    return new Promise((resolve) => this.#forQuiet.push(resolve));
  }
}
