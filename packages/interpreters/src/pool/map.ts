// The results of `map` as an async iterable. Reading the input and starting tasks is map-reader.ts's;
// an asynchronous generator would do the same with four times the promises.

import { recapture } from '@multicore-python/core';
import { type MapPlan, MapReader, type MapSource } from './map-reader.js';

/**
 * Results for the items of the input. The first failure ends it: no further task starts, and those
 * under way are stopped; so they are when the loop over the results is left. Nothing is read before
 * the first result is asked for.
 */
export class MapIterator<T, R> implements AsyncGenerator<R, void, undefined> {
  readonly #open: () => MapReader<T, R>;
  #reader: MapReader<T, R> | undefined;
  #values: readonly R[] = [];
  #at = 0;
  #failure: { readonly error: unknown } | undefined;
  #isOver = false;
  #waiting: Promise<void> | undefined;

  constructor(input: Iterable<T> | AsyncIterable<T>, source: MapSource<T, R>, plan: MapPlan) {
    this.#open = () => new MapReader(input, source, plan);
  }

  next(): Promise<IteratorResult<R, void>> {
    if (this.#at < this.#values.length) {
      const value = this.#values[this.#at] as R;
      this.#at += 1;
      if (this.#at === this.#values.length) this.#reader?.taken();
      return Promise.resolve({ value, done: false });
    }
    return this.#later();
  }

  async return(): Promise<IteratorResult<R, void>> {
    this.#end();
    await this.#reader?.stop();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<never> {
    this.#end();
    await this.#reader?.stop();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** The next result, when there is one; those who asked before are answered before. */
  async #later(): Promise<IteratorResult<R, void>> {
    while (this.#waiting !== undefined) await this.#waiting;
    while (!this.#isOver && this.#failure === undefined && this.#at >= this.#values.length) {
      this.#waiting = this.#wait();
      await this.#waiting;
    }
    if (this.#failure !== undefined && this.#at >= this.#values.length) {
      return await this.#fail(this.#failure.error);
    }
    return this.#isOver ? { value: undefined, done: true } : this.next();
  }

  async #wait(): Promise<void> {
    this.#reader ??= this.#open();
    const results = await this.#reader.next();
    this.#waiting = undefined;
    if (this.#isOver) return;
    if (results === undefined) {
      this.#end();
      return;
    }
    this.#values = results.values;
    this.#at = 0;
    this.#failure = results.failure;
  }

  async #fail(error: unknown): Promise<never> {
    this.#end();
    // What goes wrong when the input is closed must not hide why it is.
    await this.#reader?.stop().catch(() => {});
    recapture(error);
    throw error;
  }

  #end(): void {
    this.#isOver = true;
    this.#values = [];
    this.#at = 0;
    this.#failure = undefined;
  }
}

let spare: MapIterator<never, never> | undefined;

/**
 * What V8 has compiled for a class is thrown away when a full collection of garbage finds no instance of
 * it, and every `map` would begin slowly again: from now on one of each lives.
 */
export function keepCompiled(): void {
  if (spare !== undefined) return;
  const start = (): never => {
    throw new Error('There is nothing to start');
  };
  const plan = { room: 1, weigh: () => 1, isHasty: false, ordered: true };
  spare = new MapIterator<never, never>([], { next: () => 1, start }, plan);
  void spare.next();
}
