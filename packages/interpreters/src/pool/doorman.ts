// Who may come in: how many tasks are in a pool, who waits for room, who waits for all to have gone.

/** Counts tasks in and out. */
export class Doorman {
  readonly #most: number;
  readonly #outside: (() => void)[] = [];
  readonly #forQuiet: (() => void)[] = [];
  #inside = 0;

  /** At most so many tasks in the pool, running or waiting. */
  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.#inside >= this.#most || this.#outside.length > 0;
  }

  /** One comes in. */
  enter(): void {
    this.#inside += 1;
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
    while (this.#inside < this.#most) {
      const next = this.#outside.shift();
      if (next === undefined) return;
      next();
    }
  }

  /** Gets in line; gives the way out of it, which says whether one was in it still. */
  queue(call: () => void): () => boolean {
    this.#outside.push(call);
    return () => {
      const at = this.#outside.indexOf(call);
      if (at >= 0) this.#outside.splice(at, 1);
      return at >= 0;
    };
  }

  /** Resolves when nobody is inside. */
  quiet(): Promise<void> {
    if (this.#inside === 0) return Promise.resolve();
    return new Promise((resolve) => this.#forQuiet.push(resolve));
  }
}
