// The results of `map` as an async iterable. Reading the input and starting tasks is map-reader.ts's;
// an asynchronous generator would do the same with four times the promises.

import { rethrow } from '@multicore-python/core';
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
      return Promise.resolve({ value, done: false });
    }
    // Those who asked before are answered before.
    if (this.#waiting !== undefined) return this.#waiting.then(() => this.next());
    if (this.#isOver) return Promise.resolve({ value: undefined, done: true });
    if (this.#failure !== undefined) return this.#fail(this.#failure.error);
    this.#waiting = this.#wait();
    return this.#waiting.then(() => this.next());
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

  #fail(error: unknown): Promise<never> {
    this.#end();
    // What goes wrong when the input is closed must not hide why it is.
    const stopped = this.#reader?.stop().catch(() => {});
    const failing = (): never => {
      throw error;
    };
    return Promise.resolve(stopped).then(failing).catch(rethrow);
  }

  #end(): void {
    this.#isOver = true;
    this.#values = [];
    this.#at = 0;
    this.#failure = undefined;
  }
}
