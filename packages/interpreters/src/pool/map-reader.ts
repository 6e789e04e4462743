// Going through an input with so many tasks under way at once. The input is read only as fast as
// results are taken. Knows nothing of Python.

/** Starts work on some items. */
export interface MapSource<T, R> {
  /** How many items the next task should take: 1 or more. */
  next(): number;
  /** Starts a task for these items; `cancel` stops it. */
  start(items: readonly T[]): {
    readonly results: Promise<MapResults<T, R>>;
    readonly cancel: () => void;
  };
}

/** Results of the first items of one task. */
export interface MapResults<T, R> {
  readonly values: readonly R[];
  /** What failed after them. */
  readonly failure: { readonly error: unknown } | undefined;
  /** Items that were not begun; none if there is a failure. */
  readonly rest: readonly T[];
}

/** How to go. */
export interface MapPlan {
  /** What may be under way, or finished and not taken; each task weighs as much as `weigh` says. */
  readonly room: number;
  /** The weight of a task for so many items. */
  readonly weigh: (items: number) => number;
  /** Whether a task may get fewer items than it should take when the input is slow. */
  readonly isHasty: boolean;
  readonly ordered: boolean;
}

/** A task, or the end of the input if that was a failure. */
interface Cell<T, R> {
  results: MapResults<T, R> | undefined;
  readonly weight: number;
  readonly cancel: () => void;
}

/** The longest that reading an input holds up the event loop, in milliseconds, and how often that is looked at. */
const READING_MS = 2;
const LOOK_EVERY = 8;

/** Reads an input ahead, as far as the plan allows, and keeps what comes of it. */
export class MapReader<T, R> {
  readonly #iterator: AsyncIterator<T> | Iterator<T>;
  readonly #source: MapSource<T, R>;
  readonly #plan: MapPlan;
  /** Under way or finished, in the order of the input. */
  readonly #cells: Cell<T, R>[] = [];
  /** Finished, in the order in which they did. */
  readonly #finished: Cell<T, R>[] = [];
  #weight = 0;
  /** As much of it as the results that are being taken weigh. */
  #taking = 0;
  /** Read and not started. */
  #items: T[] = [];
  #isReading = false;
  #isWaitingForInput = false;
  #isInputLeft = true;
  #isStopped = false;
  #wake: () => void = () => {};

  constructor(input: Iterable<T> | AsyncIterable<T>, source: MapSource<T, R>, plan: MapPlan) {
    this.#iterator =
      typeof input !== 'string' && Symbol.asyncIterator in input
        ? input[Symbol.asyncIterator]()
        : input[Symbol.iterator]();
    this.#source = source;
    this.#plan = plan;
  }

  /** The next results; undefined: there are no more. */
  async next(): Promise<MapResults<T, R> | undefined> {
    this.#read();
    while (!this.#isStopped) {
      const cell = this.#plan.ordered ? this.#cells[0] : this.#finished.shift();
      if (cell?.results !== undefined) {
        if (this.#plan.ordered) this.#cells.shift();
        else this.#cells.splice(this.#cells.indexOf(cell), 1);
        this.#taking = cell.weight;
        if (cell.results.values.length === 0) this.taken();
        return cell.results;
      }
      const isOver = !this.#isInputLeft && this.#items.length === 0 && !this.#isReading;
      if (this.#cells.length === 0 && isOver) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return undefined;
  }

  /** The results that were given last have all been taken. */
  taken(): void {
    this.#weight -= this.#taking;
    this.#taking = 0;
    this.#read();
  }

  /** Stops what is under way and closes the input. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const cell of this.#cells) if (cell.results === undefined) cell.cancel();
    this.#wake();
    if (!this.#isInputLeft) return;
    this.#isInputLeft = false;
    const closing = this.#iterator.return?.();
    // An asynchronous generator answers this only after what it was asked before, which may never come.
    if (this.#isWaitingForInput) Promise.resolve(closing).catch(() => {});
    else await closing;
  }

  #read(): void {
    if (this.#isReading || this.#isStopped) return;
    if (!this.#isInputLeft && this.#items.length === 0) return;
    this.#isReading = true;
    this.#readOn()
      .catch((error: unknown) => {
        // The input failed: that comes after the results of what it gave before.
        this.#isInputLeft = false;
        if (this.#items.length > 0) this.#start(this.#take(), this.#cells.length);
        this.#add({ values: [], failure: { error }, rest: [] });
      })
      .finally(() => {
        this.#isReading = false;
        this.#wake();
      });
  }

  async #readOn(): Promise<void> {
    const { room, weigh } = this.#plan;
    while (!this.#isStopped) {
      const wanted = this.#source.next();
      if (this.#weight > 0 && this.#weight + weigh(wanted) > room) return;
      const began = performance.now();
      while (this.#isInputLeft && this.#items.length < wanted) {
        const next = this.#iterator.next();
        const step = isPromise(next) ? await this.#waitFor(next) : next;
        if (this.#isStopped) return;
        if (step.done === true) this.#isInputLeft = false;
        else this.#items.push(step.value);
        if (this.#plan.isHasty && this.#items.length % LOOK_EVERY === 0) {
          if (performance.now() - began > READING_MS) break;
        }
      }
      if (this.#items.length === 0) return;
      this.#start(this.#take(), this.#cells.length);
      // A synchronous input has not let anybody else have a turn.
      if (performance.now() - began > READING_MS) await new Promise(setImmediate);
    }
  }

  async #waitFor<V>(step: Promise<V>): Promise<V> {
    this.#isWaitingForInput = true;
    // What has come is not kept waiting for what has not.
    const hurry = this.#plan.isHasty
      ? setImmediate(() => {
          if (this.#items.length > 0 && !this.#isStopped) {
            this.#start(this.#take(), this.#cells.length);
          }
        })
      : undefined;
    try {
      return await step;
    } finally {
      this.#isWaitingForInput = false;
      clearImmediate(hurry);
    }
  }

  #take(): T[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }

  /** Starts a task whose results come at this place. */
  #start(items: readonly T[], place: number): void {
    const { results, cancel } = this.#source.start(items);
    const weight = this.#plan.weigh(items.length);
    const cell: Cell<T, R> = { results: undefined, weight, cancel };
    this.#weight += weight;
    if (place === this.#cells.length) this.#cells.push(cell);
    else this.#cells.splice(place, 0, cell);
    const finish = (results: MapResults<T, R>): void => this.#finish(cell, results);
    results.then(finish, (error: unknown) => finish({ values: [], failure: { error }, rest: [] }));
  }

  #finish(cell: Cell<T, R>, results: MapResults<T, R>): void {
    cell.results = results;
    if (!this.#isStopped) this.#startAgain(cell, results.rest);
    this.#finished.push(cell);
    this.#wake();
  }

  /** What a task did not get to comes right after it. */
  #startAgain(cell: Cell<T, R>, rest: readonly T[]): void {
    let place = this.#cells.indexOf(cell) + 1;
    for (let at = 0; at < rest.length; place += 1) {
      const end = at + this.#source.next();
      this.#start(rest.slice(at, end), place);
      at = end;
    }
  }

  #add(results: MapResults<T, R>): void {
    const cell: Cell<T, R> = { results, weight: 0, cancel: () => {} };
    this.#cells.push(cell);
    this.#finished.push(cell);
  }
}

function isPromise<V>(value: V | Promise<V>): value is Promise<V> {
  return value instanceof Promise || typeof (value as { then?: unknown }).then === 'function';
}
