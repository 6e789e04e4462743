// `supervise`: processes that are started again when they fail. One run of one child is in slot.ts.

import { Composition } from '../composition.js';
import { Tracker } from '../monitor/tracker.js';
import type { Context, Process } from '../process.js';
import { type Exit, StopError, SupervisionError } from './exit.js';
import {
  type Child,
  childOf,
  type Settings,
  type SupervisionOptions,
  settingsOf,
} from './options.js';
import { Slot } from './slot.js';

/**
 * Runs processes in parallel and starts those again that fail: an exception, a killed interpreter and
 * a hang all count. Their channel ends are held meanwhile, so that what a channel has accepted is
 * still there for the next run, and neighbours only notice a pause. It ends when all have ended well;
 * when they fail too often it stops them all and fails itself, which a supervisor around it may
 * answer in the same way.
 *
 * Gotcha: a process that is restarted begins anew. What it had received and not dealt with is gone.
 * A composition in which some processes have ended cannot run again with the same channels: give a
 * function that makes it, and its inner channels, for each run.
 *
 * @example
 * await par(
 *   source,
 *   supervise([python("parser:run", [jobs, results])], { maxRestarts: 5, within: 60_000, backoff: 100 }),
 *   sink,
 * );
 */
export function supervise(
  children: readonly (Process<unknown> | (() => Process<unknown>) | Child)[],
  options: SupervisionOptions = {},
): Composition<void> {
  const settings = settingsOf(options);
  const slots = children.map((child) => new Slot(childOf(child, options)));
  const processes = slots.map(({ process }) => process);
  const name = options.name ?? `supervise(${processes.map((each) => each.name).join(', ')})`;
  return new Composition<void>(
    name,
    processes,
    (_, context) => new Supervisor(name, slots, settings, context).run(),
    { runsAgain: true },
  );
}

class Supervisor {
  readonly #name: string;
  readonly #slots: readonly Slot[];
  readonly #settings: Settings;
  readonly #outer: Context;
  readonly #context: Context & { readonly tracker: Tracker };
  /** Exits that nothing was done about yet. */
  readonly #exits: { slot: Slot; exit: Exit }[] = [];
  /** When there were restarts lately, and why. */
  #recent: { at: number; exit: Exit }[] = [];
  #wake: () => void = () => {};
  /** Slots that are being stopped by this supervisor: their exits are no news. */
  readonly #stopping = new Set<Slot>();

  constructor(name: string, slots: readonly Slot[], settings: Settings, context: Context) {
    this.#name = name;
    this.#slots = slots;
    this.#settings = settings;
    this.#outer = context;
    this.#context = { ...context, tracker: context.tracker ?? new Tracker(name) };
  }

  async run(): Promise<void> {
    const { signal } = this.#outer;
    const onAbort = (): void => this.#wake();
    signal.addEventListener('abort', onAbort);
    try {
      signal.throwIfAborted();
      for (const slot of this.#slots) slot.begin();
      for (const slot of this.#slots) this.#start(slot);
      while (this.#slots.some(({ isOver }) => !isOver)) {
        const next = await this.#next();
        signal.throwIfAborted();
        if (next !== undefined) await this.#handle(next.slot, next.exit);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      await this.#stop(this.#slots, new StopError('stopped', `${this.#name} is being stopped`));
      for (const slot of this.#slots) slot.finish();
    }
  }

  #start(slot: Slot): void {
    slot.start(this.#context).then((exit) => {
      if (this.#stopping.has(slot)) return;
      this.#exits.push({ slot, exit });
      this.#wake();
    });
  }

  /** The next exit; undefined: look whether all should stop. */
  async #next(): Promise<{ slot: Slot; exit: Exit } | undefined> {
    if (this.#exits.length === 0 && !this.#outer.signal.aborted)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#exits.shift();
  }

  async #handle(slot: Slot, exit: Exit): Promise<void> {
    this.#settings.onExit(exit);
    if (exit.reason === 'poisoned') throw exit.error;
    const { restart } = slot.child;
    if (restart === 'temporary' || (restart === 'transient' && exit.reason === 'normal')) {
      slot.finish();
      return;
    }
    this.#count(exit);
    const affected = this.#affected(slot);
    // Something goes on although perhaps no process runs: no deadlock.
    this.#context.tracker.underWay += 1;
    try {
      const message = `${exit.process} has failed, and ${this.#name} starts its neighbours again`;
      await this.#stop(affected, new StopError('stopped', message));
      await this.#pause();
      for (const each of affected) {
        each.renew();
        this.#context.tracker.restarted(each.process);
        this.#start(each);
      }
    } finally {
      this.#context.tracker.underWay -= 1;
    }
  }

  /** Counts a restart, or gives up. */
  #count(exit: Exit): void {
    const { maxRestarts, within } = this.#settings;
    const now = performance.now();
    this.#recent = [...this.#recent.filter(({ at }) => now - at <= within), { at: now, exit }];
    if (this.#recent.length <= maxRestarts) return;
    const words = exit.error instanceof Error ? exit.error.message : exit.reason;
    throw new SupervisionError(
      `${this.#name} gave up: ${this.#recent.length} failures within ${within} ms, last of ${exit.process}: ${words}`,
      this.#recent.map((each) => each.exit),
    );
  }

  /** Who is started again with a child that failed, in order. */
  #affected(slot: Slot): Slot[] {
    const { strategy } = this.#settings;
    const place = this.#slots.indexOf(slot);
    const together = {
      'one-for-one': [slot],
      'one-for-all': this.#slots,
      'rest-for-one': this.#slots.slice(place),
    }[strategy];
    return together.filter(({ isOver }) => !isOver);
  }

  /** Stops those that run, the last one first. */
  async #stop(slots: readonly Slot[], why: StopError): Promise<void> {
    for (const slot of slots) this.#stopping.add(slot);
    for (const slot of slots.toReversed()) await slot.stop(why);
    for (const slot of slots) this.#stopping.delete(slot);
    // What had ended by itself just before is started again like the others.
    for (let index = this.#exits.length - 1; index >= 0; index -= 1) {
      const waiting = this.#exits[index];
      if (waiting !== undefined && slots.includes(waiting.slot)) this.#exits.splice(index, 1);
    }
  }

  async #pause(): Promise<void> {
    const { initial, factor, max } = this.#settings.backoff;
    const delay = Math.min(max, initial * factor ** (this.#recent.length - 1));
    if (delay === 0) return;
    const { signal } = this.#outer;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, delay);
      signal.addEventListener('abort', done);
    });
    signal.throwIfAborted();
  }
}
