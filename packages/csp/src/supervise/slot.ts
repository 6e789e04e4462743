// One child of a supervisor: starting it, stopping it, noticing that it hangs. What is done about its
// exits is in supervisor.ts.

import { runPart } from '../composition.js';
import type { Context } from '../process.js';
import { Stop } from '../stop.js';
import { type Exit, exitOf, StopError } from './exit.js';
import type { FullChild } from './options.js';

/** A child, running or not. */
export class Slot {
  readonly child: FullChild;
  /** Whether it will not be started again. */
  isOver = false;
  #stop: Stop | undefined;
  #exit: Promise<Exit> | undefined;

  constructor(child: FullChild) {
    this.child = child;
  }

  get name(): string {
    return this.child.process.name;
  }

  /** The exit of the current run, while there is one. */
  get exit(): Promise<Exit> | undefined {
    return this.#exit;
  }

  /** Starts a run. */
  start(context: Context): Promise<Exit> {
    const { process, deadlines } = this.child;
    const stop = new Stop(deadlines.drain);
    this.#stop = stop;
    // This run lets go of the ends at its end; the supervisor holds them too, until the child is over.
    process.hold();
    const unwatch = this.#watch(stop);
    const run = runPart(process, { ...context, ...stop.signals, deadlines, isGentle: true }).then(
      (): Exit => ({ process: process.name, reason: 'normal', error: undefined }),
      (error: unknown) => exitOf(process.name, error),
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
    this.child.process.letGo();
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
