// Going through an input with so many tasks under way at once, as an async iterable with
// backpressure: the input is read only as fast as results are taken. Knows nothing of Python.

/** Starts work on some items. */
export interface MapSource<T, R> {
  /** Starts a task for these items; `cancel` stops it. */
  start(items: readonly T[]): {
    readonly results: Promise<MapResults<R>>;
    readonly cancel: () => void;
  };
}

/** Results of the items of one task, and what failed after them. */
export interface MapResults<R> {
  readonly values: readonly R[];
  readonly failure: { readonly error: unknown } | undefined;
}

/** How to go. */
export interface MapPlan {
  /** Tasks that may be under way, or finished and not taken. */
  readonly concurrency: number;
  /** Items of a task. */
  readonly chunkSize: number;
  readonly ordered: boolean;
}

/** A task, or the end of the input if that was a failure. */
interface Cell<R> {
  results: MapResults<R> | undefined;
  readonly cancel: () => void;
}

/**
 * Results for the items of the input. The first failure ends it: no further task starts, and those
 * under way are stopped; so they are when the loop over the results is left.
 */
export async function* mapWith<T, R>(
  input: Iterable<T> | AsyncIterable<T>,
  source: MapSource<T, R>,
  plan: MapPlan,
): AsyncGenerator<R, void, undefined> {
  const reader = new Reader(input, source, plan);
  try {
    while (true) {
      const cell = await reader.next();
      if (cell === undefined) return;
      // One by one: `yield*` would wait several times for each.
      for (const value of cell.values) yield value;
      if (cell.failure !== undefined) throw cell.failure.error;
    }
  } finally {
    await reader.stop();
  }
}

/** Reads the input ahead, as far as the plan allows, and keeps what comes of it. */
class Reader<T, R> {
  readonly #iterator: AsyncIterator<T> | Iterator<T>;
  readonly #source: MapSource<T, R>;
  readonly #plan: MapPlan;
  /** Under way or finished, in the order of the input. */
  readonly #cells: Cell<R>[] = [];
  /** Finished, in the order in which they did. */
  readonly #finished: Cell<R>[] = [];
  #isReading = false;
  #isWaitingForInput = false;
  #isInputLeft = true;
  #isStopped = false;
  #wake: () => void = () => {};

  constructor(input: Iterable<T> | AsyncIterable<T>, source: MapSource<T, R>, plan: MapPlan) {
    this.#iterator =
      Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]();
    this.#source = source;
    this.#plan = plan;
  }

  /** The next results; undefined: there are no more. */
  async next(): Promise<MapResults<R> | undefined> {
    this.#read();
    while (true) {
      const cell = this.#plan.ordered ? this.#cells[0] : this.#finished.shift();
      if (cell?.results !== undefined) {
        this.#cells.splice(this.#plan.ordered ? 0 : this.#cells.indexOf(cell), 1);
        this.#read();
        return cell.results;
      }
      if (this.#cells.length === 0 && !this.#isInputLeft && !this.#isReading) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Stops what is under way and closes the input. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const cell of this.#cells) if (cell.results === undefined) cell.cancel();
    if (!this.#isInputLeft) return;
    this.#isInputLeft = false;
    const closing = this.#iterator.return?.();
    // An asynchronous generator answers this only after what it was asked before, which may never come.
    if (this.#isWaitingForInput) Promise.resolve(closing).catch(() => {});
    else await closing;
  }

  #read(): void {
    if (this.#isReading || !this.#isInputLeft || this.#isStopped) return;
    this.#isReading = true;
    this.#readOn()
      .catch((error: unknown) => {
        // The input failed: that comes after the results of what it gave before.
        this.#isInputLeft = false;
        const results = { values: [], failure: { error } };
        const cell: Cell<R> = { results, cancel: () => {} };
        this.#cells.push(cell);
        this.#finished.push(cell);
      })
      .finally(() => {
        this.#isReading = false;
        this.#wake();
      });
  }

  async #readOn(): Promise<void> {
    const { concurrency, chunkSize } = this.#plan;
    while (this.#cells.length < concurrency && this.#isInputLeft && !this.#isStopped) {
      const items: T[] = [];
      while (items.length < chunkSize) {
        const next = this.#iterator.next();
        const step = next instanceof Promise ? await this.#waitFor(next) : await next;
        if (this.#isStopped) return;
        if (step.done === true) {
          this.#isInputLeft = false;
          break;
        }
        items.push(step.value);
      }
      if (items.length === 0) return;
      this.#start(items);
    }
  }

  async #waitFor<V>(step: Promise<V>): Promise<V> {
    this.#isWaitingForInput = true;
    try {
      return await step;
    } finally {
      this.#isWaitingForInput = false;
    }
  }

  #start(items: readonly T[]): void {
    const { results, cancel } = this.#source.start(items);
    const cell: Cell<R> = { results: undefined, cancel };
    this.#cells.push(cell);
    const finish = (results: MapResults<R>): void => {
      cell.results = results;
      this.#finished.push(cell);
      this.#wake();
    };
    results.then(finish, (error: unknown) => finish({ values: [], failure: { error } }));
  }
}
