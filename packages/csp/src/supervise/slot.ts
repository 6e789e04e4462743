// One child of a supervisor: starting it, stopping it, noticing that it hangs. What is done about its
// exits is in supervisor.ts.

import { MulticoreError } from '@multicore-python/core';
import { runPart, unitsOf } from '../composition.js';
import { isConsequence } from '../failure.js';
import type { Context, Process } from '../process.js';
import { Stop } from '../stop.js';
import { type Exit, exitOf, StopError } from './exit.js';
import type { FullChild } from './options.js';

/** A child, running or not. */
export class Slot {
  readonly child: FullChild;
  /** Whether it will not be started again. */
  isOver = true;
  #process: Process<unknown>;
  /** What the composition around counts as its part. */
  readonly #first: Process<unknown>;
  /** The processes in it that have not ended well, whose ends are held. */
  readonly #held = new Set<Process<unknown>>();
  /** Whether there is one that was made but not run. */
  #isNew = true;
  #stop: Stop | undefined;
  #exit: Promise<Exit> | undefined;

  constructor(child: FullChild) {
    this.child = child;
    this.#process = this.#make();
    this.#first = this.#process;
  }

  /** What runs in it, or will. */
  get process(): Process<unknown> {
    return this.#process;
  }

  get name(): string {
    return this.#process.name;
  }

  /** The exit of the current run, while there is one. */
  get exit(): Promise<Exit> | undefined {
    return this.#exit;
  }

  /** Begins to be supervised. */
  begin(): void {
    this.isOver = false;
    if (!this.#isNew && typeof this.child.process === 'function') {
      this.#process = this.#make();
      this.#process.hold();
      this.#first.letGo();
    }
    this.#isNew = false;
    // Its ends were held by who put it into a composition.
    for (const unit of unitsOf(this.#process)) this.#held.add(unit);
  }

  /** Makes ready for another run. */
  renew(): void {
    if (typeof this.child.process === 'function') {
      const made = this.#make();
      // Before the others let go: a channel must not end in between.
      made.hold();
      this.#letGo();
      this.#process = made;
      for (const unit of unitsOf(made)) this.#held.add(unit);
    } else if (this.#process.ends.some(({ isOpen }) => !isOpen)) {
      throw new MulticoreError(
        'ERR_INVALID_ARGUMENT',
        `${this.name} cannot run again, for processes in it have ended and left their channels: give supervise a function that makes it`,
      );
    }
  }

  /** Starts a run. */
  start(context: Context): Promise<Exit> {
    const { deadlines } = this.child;
    const process = this.#process;
    const stop = new Stop(deadlines.drain);
    this.#stop = stop;
    // This run lets go of the ends at its end; the supervisor holds them too, until they are done with.
    process.hold();
    const unwatch = this.#watch(stop);
    const onDone = (unit: Process<unknown>): void => {
      if (unit !== process && this.#held.delete(unit)) unit.letGo();
    };
    const run = runPart(process, {
      ...context,
      ...stop.signals,
      deadlines,
      onDone,
      isGentle: true,
    }).then(
      (): Exit => ({ process: process.name, reason: 'normal', error: undefined }),
      (error: unknown) =>
        exitOf(
          process.name,
          stop.isStopped && isConsequence(error, stop.reason) ? stop.reason : error,
        ),
    );
    this.#exit = Promise.race([run, this.#givenUp(stop)]).then((exit) => {
      unwatch();
      stop.over();
      this.#stop = undefined;
      this.#exit = undefined;
      return exit;
    });
    return this.#exit;
  }

  /** Stops the current run, and waits for its end. */
  async stop(why: StopError): Promise<void> {
    const exit = this.#exit;
    this.#stop?.stop(why);
    await exit;
  }

  /** It will not be started again: lets go of its ends. */
  finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#letGo();
  }

  #letGo(): void {
    for (const unit of this.#held) unit.letGo();
    this.#held.clear();
  }

  #make(): Process<unknown> {
    const { process } = this.child;
    return typeof process === 'function' ? process() : process;
  }

  /** Resolves if it has not ended long after it was stopped: JavaScript cannot be forced. */
  #givenUp(stop: Stop): Promise<Exit> {
    const { kill } = this.child.deadlines;
    return new Promise((resolve) => {
      stop.signals.hard.addEventListener('abort', () => {
        // An interpreter that is given up ends its process within a little more than this.
        const timer = setTimeout(() => {
          const message = `${this.name} did not stop within ${kill} ms and was given up`;
          resolve({
            process: this.name,
            reason: 'killed',
            error: new StopError('killed', message),
          });
        }, kill + SPARE_MS);
        stop.onOver(() => clearTimeout(timer));
      });
    });
  }

  #watch(stop: Stop): () => void {
    const { timeout, heartbeat } = this.child;
    const timers: NodeJS.Timeout[] = [];
    if (timeout !== undefined)
      timers.push(
        setTimeout(
          () => stop.stop(new StopError('timeout', `${this.name} took more than ${timeout} ms`)),
          timeout,
        ),
      );
    if (heartbeat !== undefined) {
      heartbeat();
      const { within } = heartbeat;
      const message = `${this.name} gave no sign of life for ${within} ms`;
      const look = (): void => {
        if (performance.now() - heartbeat.last > within) stop.stop(new StopError('hang', message));
      };
      timers.push(setInterval(look, Math.max(1, within / 4)));
    }
    return () => {
      for (const timer of timers) clearTimeout(timer);
    };
  }
}

/** What an interpreter takes to be closed after it was given up. */
const SPARE_MS = 2000;
