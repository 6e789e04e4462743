// The interpreters of a pool: creating them, and ending those that are not wanted any more. Which task
// goes where is not known here.

import { isNameTaken, TimeoutError } from '@multicore-python/core';
import { Interpreter } from '../interpreter.js';
import type { CallOptions } from '../options.js';
import { type Callee, optionsOf, pathOf } from './callee.js';
import type { PoolCloseReport } from './options.js';
import { closed, lateInitializer } from './outcome.js';
import type { Settings } from './settings.js';

/** What an interpreter that is replaced gets to end by itself, in milliseconds. */
const FAREWELL_MS = 1000;

/** Creates and ends interpreters. */
export class Crew {
  readonly #settings: Settings;
  readonly #abandoned: { readonly name: string; readonly reason: string }[] = [];
  readonly #leaving = new Set<Promise<void>>();
  /** New ones that do not take tasks yet. */
  readonly #preparing = new Set<Interpreter>();
  #isStopped = false;
  #created = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Those that could not be ended. */
  get abandoned(): PoolCloseReport['abandoned'] {
    return this.#abandoned;
  }

  /** A new interpreter, ready for tasks. */
  async hire(): Promise<Interpreter> {
    const { initializer, name } = this.#settings;
    const py = await this.#create();
    this.#preparing.add(py);
    try {
      if (this.#isStopped) throw closed(name);
      if (initializer !== undefined) {
        await py.call('multicore._pool:protect');
        await this.#initialize(py, initializer);
      }
      // What the initializer put into `__main__` stays; what tasks put there does not.
      await py.call('multicore._pool:seal');
    } catch (error) {
      // Not if `stop` has dismissed it.
      if (this.#preparing.has(py)) await this.dismiss(py);
      throw error;
    } finally {
      this.#preparing.delete(py);
    }
    return py;
  }

  async #initialize(py: Interpreter, initializer: Callee): Promise<void> {
    const { initializerArgs, initializerTimeout: timeout, name } = this.#settings;
    const options = { ...optionsOf<CallOptions>(initializer, undefined), timeout };
    try {
      await py.call(pathOf(initializer), initializerArgs, options);
    } catch (error) {
      const isLate = error instanceof TimeoutError && error.timeout === timeout;
      throw isLate ? lateInitializer(name, error) : error;
    }
  }

  /** An interpreter with the next name that nobody has: there may be a pool of the same name elsewhere. */
  async #create(): Promise<Interpreter> {
    for (;;) {
      this.#created += 1;
      const name = `${this.#settings.name}-${this.#created}`;
      try {
        return await Interpreter.create({ ...this.#settings.create, name });
      } catch (error) {
        if (!isNameTaken(error)) throw error;
      }
    }
  }

  /** Hires nobody any more; an initializer that runs is stopped. */
  stop(): void {
    this.#isStopped = true;
    for (const py of this.#preparing) void this.dismiss(py, 0);
    this.#preparing.clear();
  }

  /** Ends an interpreter: what does not stop within `timeout` milliseconds is left behind. */
  dismiss(py: Interpreter, timeout: number = FAREWELL_MS): Promise<void> {
    const leaving = py
      .close({ timeout })
      .then(({ abandoned }) => {
        if (abandoned !== null) this.#abandoned.push({ name: py.name, reason: abandoned });
      })
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
    return leaving;
  }

  /** Resolves when all that were dismissed are gone or given up. */
  async settled(): Promise<void> {
    while (this.#leaving.size > 0) await Promise.all(this.#leaving);
  }
}
