// Which task goes to which interpreter, and when. An idle interpreter gets the most urgent task; a busy
// one gets tasks ahead only as far as they are known to be short, and gives them back if they wait.

import { AHEAD_MS, Ahead } from './ahead.js';
import { Caretaker } from './caretaker.js';
import { Crew } from './crew.js';
import { tellReplaced } from './diagnostics.js';
import { Doorman } from './doorman.js';
import { Homeless } from './homeless.js';
import { closed, errorOf, reasonToReplace } from './outcome.js';
import { PriorityQueue } from './queue.js';
import type { ReplacementReason } from './replacement.js';
import type { Settings } from './settings.js';
import { SignalWatch } from './signals.js';
import { Slot, type SlotOwner } from './slot.js';
import { StallWatch, withdrawFrom } from './stalls.js';
import { type Stopped, Task } from './task.js';
import { Times } from './times.js';

/** What a short task gets to end by itself when nobody wants its result any more. */
const MOMENT_MS = 10;
/** After an interpreter could not be started although others live, the next try. */
const START_AGAIN_MS = 1000;

/** Tasks in, results out. */
export class Dispatcher implements SlotOwner {
  readonly settings: Settings;
  readonly crew: Crew;
  readonly doorman: Doorman;
  readonly runTimes: Times = new Times();
  readonly waitTimes: Times = new Times();
  readonly slots: Slot[] = [];
  readonly idle: Slot[] = [];
  completed = 0;
  failed = 0;
  replaced = 0;
  starting = 0;
  isClosing = false;
  /** Milliseconds that interpreters spent on tasks and have lived, those that are gone. */
  pastBusyMs = 0;
  pastLifeMs = 0;

  readonly #queue = new PriorityQueue<Task>();
  readonly #homeless = new Homeless();
  readonly #leaving = new Set<Slot>();
  readonly #starts = new Set<Promise<void>>();
  readonly #signals = new SignalWatch<Task>((task, reason) => this.cancel(task, reason));
  readonly #ahead: Ahead;
  readonly #stalls: StallWatch;
  readonly #caretaker: Caretaker;
  /** What V8 has compiled for tasks is thrown away when a full collection of garbage finds none. */
  #spare: Task | undefined;
  #isClosed = false;
  #startAgainAt = 0;

  constructor(settings: Settings) {
    this.settings = settings;
    this.crew = new Crew(settings);
    this.doorman = new Doorman(settings.max + settings.queueLimit);
    this.#ahead = new Ahead(this.slots, settings.recycleTasks);
    this.#stalls = new StallWatch(this.slots, (tasks) => this.#takeBack(tasks));
    this.#caretaker = new Caretaker(settings, this.idle, {
      look: (slot, task) => {
        if (slot.jobs.length > 0) slot.pinned.unshift(task);
        else this.#use(slot, task);
      },
      replace: (slot, reason, detail) => this.#replace(slot, reason, [...slot.suspects], detail),
      shrink: (slot) => this.#shrink(slot),
    });
  }

  /** How many tasks wait: those that an interpreter has and has not begun included. */
  get waiting(): number {
    const given = this.slots.reduce((sum, { jobs }) => sum + Math.max(0, jobs.length - 1), 0);
    return this.#queue.length + this.#homeless.length + given;
  }

  /** Takes a task, which the doorman has let in. */
  submit(task: Task): void {
    if (this.#isClosed) {
      task.reject(closed(this.settings.name));
      return;
    }
    this.#enter(task);
    this.#queue.push(task);
    this.dispatch();
  }

  /** Takes a task for each interpreter, and starts those that are missing. */
  submitToEach(make: () => Task): Promise<unknown[]> {
    const missing = Math.max(this.settings.min, this.slots.length + this.starting, 1);
    const tasks: Task[] = [];
    if (this.#isClosed) return Promise.reject(closed(this.settings.name));
    for (const slot of [...this.slots]) {
      const task = make();
      tasks.push(task);
      this.#enter(task);
      slot.pinned.push(task);
      if (this.#isIdle(slot)) this.#next(slot);
    }
    while (tasks.length < missing) {
      const task = make();
      tasks.push(task);
      this.#enter(task);
      this.#homeless.add(task);
    }
    while (this.starting < this.#homeless.length) this.#start();
    return Promise.all(tasks.map(({ promise }) => promise));
  }

  /** Stops a task, wherever it is. */
  cancel(task: Task, reason: unknown): void {
    if (!this.#takeOut(task, reason)) this.#stop(task, reason);
  }

  /** Nobody wants this task's result: it is stopped, unless it ends by itself in a moment. */
  abandon(task: Task, reason: unknown): void {
    if (this.#takeOut(task, reason)) return;
    // Stopping costs an interpreter.
    if (task.expected > AHEAD_MS) this.#stop(task, reason);
    else setTimeout(() => this.#stop(task, reason), MOMENT_MS).unref();
  }

  /** Ends a task that has not begun; says whether that was so. */
  #takeOut(task: Task, reason: unknown): boolean {
    const { slot, leaveLine } = task;
    if (task.state === 'ended' || task.state === 'running') return false;
    if (leaveLine?.(reason) === true) return true;
    if (slot === undefined) {
      if (!this.#queue.remove(task)) this.#unpin(task);
    } else if (!slot.withdraw(task)) {
      return false;
    }
    this.#leave(task, false, reason);
    if (slot !== undefined) this.#vacated(slot);
    return true;
  }

  /** A task was taken out of an interpreter: what if it was the last. */
  #vacated(slot: Slot): void {
    // While ends are being told, `rested` comes.
    if (slot.jobs.length > 0 || slot.isTelling) return;
    if (slot.isRetired) this.#bury(slot);
    else this.#next(slot);
    this.dispatch();
  }

  #stop(task: Task, reason: unknown): void {
    // What was lent stays lent.
    const isLent = task.state === 'running' && task.work.perform !== undefined;
    if (task.state === 'ended' || task.stopped !== undefined || isLent) return;
    const { slot } = task;
    // It counts as running as soon as the one before has ended; the interpreter may not have got to it.
    if (slot?.withdraw(task) === true) {
      this.#leave(task, false, reason);
      this.#vacated(slot);
    } else {
      this.#interrupt(task, { why: 'signal', reason });
    }
  }

  /** Stops a task that runs, and lets nothing run after it in the state that it leaves behind. */
  #interrupt(task: Task, why: Stopped): void {
    const { slot } = task;
    if (slot === undefined) return;
    task.stopped = why;
    const back = withdrawFrom(slot);
    slot.stop(task);
    this.#takeBack(back);
  }

  /** Gives out what can be given out. */
  dispatch(): void {
    for (let task = this.#queue.peek(); task !== undefined; task = this.#queue.peek()) {
      const slot = this.idle.pop() ?? this.#ahead.slotFor(task) ?? this.#nextSlotFor(task);
      if (slot === undefined) {
        const lessUrgent = this.#ahead.takeNext(task.priority);
        if (lessUrgent === undefined) break;
        this.#queue.unshift(lessUrgent);
        continue;
      }
      this.#queue.shift();
      slot.give(task);
      this.#stalls.watch(slot);
    }
    this.#grow();
    while (this.idle.length > 0) {
      const task = this.#ahead.takeNext();
      if (task === undefined) break;
      this.idle.pop()?.give(task);
    }
  }

  /** Nobody waits in an interpreter while there may be more of them. */
  #nextSlotFor(task: Task): Slot | undefined {
    return this.slots.length < this.settings.max ? undefined : this.#ahead.nextSlotFor(task);
  }

  /** Refuses what waits, stops what runs, and ends every interpreter. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#caretaker.stop();
    const waiting = this.#homeless.takeAll();
    for (let task = this.#queue.shift(); task !== undefined; task = this.#queue.shift()) {
      waiting.push(task);
    }
    for (const slot of this.slots) waiting.push(...slot.takePinned());
    for (const task of waiting) this.#leave(task, false, closed(this.settings.name));
    this.crew.stop();
    await Promise.all(this.#starts);
    for (const slot of this.slots.splice(0)) this.#leaving.add(slot);
    for (const slot of [...this.#leaving]) this.#bury(slot, 0);
    await this.crew.settled();
  }

  /** @internal A slot's. */
  began(task: Task): void {
    if (task.work.isInternal !== true) this.waitTimes.record(task.startedAt - task.submittedAt);
    if (task.timeout === Number.POSITIVE_INFINITY) return;
    task.timer = setTimeout(() => {
      if (task.state !== 'running' || task.stopped !== undefined) return;
      this.#interrupt(task, { why: 'timeout' });
    }, task.timeout);
    task.timer.unref();
  }

  /** @internal A slot's. */
  ended(slot: Slot, task: Task, isOk: boolean, value: unknown): void {
    this.#ahead.reopen();
    if (task.work.isInternal === true) {
      clearTimeout(task.timer);
      if (isOk) task.resolve(value);
      else task.reject(value);
    } else {
      this.#leave(task, isOk, isOk ? value : errorOf(task, value));
    }
    const reason = reasonToReplace(task, isOk, value);
    if (reason === undefined || slot.isRetired || this.#isClosed) return;
    const detail = value instanceof Error ? value.message : `${task.path} was stopped`;
    this.#replace(slot, reason, [task.path], detail);
  }

  /** @internal A slot's. */
  rested(slot: Slot, ended: readonly Task[], ms: number): void {
    for (const task of ended) {
      if (task.work.isInternal === true) continue;
      for (let calls = task.calls; calls > 0; calls -= 1) this.runTimes.record(ms);
    }
    this.#caretaker.note(slot, ended, ms);
    if (slot.isRetired) {
      if (slot.jobs.length === 0) this.#bury(slot);
    } else if (slot.jobs.length === 0) this.#next(slot);
    else this.#stalls.watch(slot);
    this.dispatch();
  }

  #isIdle(slot: Slot): boolean {
    return this.idle.includes(slot);
  }

  #enter(task: Task): void {
    this.doorman.enter();
    if (task.signal !== undefined) this.#signals.watch(task.signal, task);
  }

  #leave(task: Task, isOk: boolean, value: unknown): void {
    task.state = 'ended';
    clearTimeout(task.timer);
    if (task.signal !== undefined) this.#signals.forget(task.signal, task);
    const done = task.work.items === undefined ? Number(isOk) : task.calls - Number(!isOk);
    this.completed += Math.max(0, done);
    if (!isOk) this.failed += 1;
    // The results of a chunk are wanted also if it failed in the end.
    if (task.work.items !== undefined) task.resolve(isOk ? undefined : { error: value });
    else if (isOk) task.resolve(value);
    else task.reject(value);
    this.doorman.leave();
  }

  /** An interpreter has nothing to do: what it does next. */
  #next(slot: Slot): void {
    if (this.#isClosed) return;
    if (slot.tasks >= this.settings.recycleTasks) {
      this.#replace(slot, 'tasks', [], `it ran ${slot.tasks} tasks`);
      return;
    }
    const pinned = slot.pinned.shift();
    if (pinned !== undefined) {
      this.#use(slot, pinned);
      return;
    }
    if (!this.#isIdle(slot)) this.idle.push(slot);
    this.#caretaker.idled(slot);
  }

  /** Gives a task to an idle interpreter. */
  #use(slot: Slot, task: Task): void {
    const at = this.idle.indexOf(slot);
    if (at >= 0) this.idle.splice(at, 1);
    slot.give(task);
  }

  #takeBack(tasks: readonly Task[]): void {
    for (const task of tasks.toReversed()) this.#queue.unshift(task);
    this.dispatch();
  }

  #unpin(task: Task): void {
    this.#homeless.remove(task);
    for (const { pinned } of this.slots) {
      const at = pinned.indexOf(task);
      if (at >= 0) pinned.splice(at, 1);
    }
  }

  /** Starts as many interpreters as tasks wait for one. */
  #grow(): void {
    if (this.#isClosed) return;
    const { max } = this.settings;
    while (this.starting < this.#queue.length && this.slots.length + this.starting < max) {
      const isBackingOff = this.slots.length > 0 && performance.now() < this.#startAgainAt;
      if (isBackingOff) return;
      this.#start();
    }
  }

  #start(): void {
    this.starting += 1;
    const start = this.crew
      .hire()
      .then(
        (py) => {
          this.starting -= 1;
          if (this.#isClosed) return this.crew.dismiss(py, 0);
          const slot = new Slot(py, this);
          this.#spare ??= new Task({ path: 'builtins:id', args: [] }, { ms: 0 });
          slot.pinned.push(...this.#homeless.take());
          this.slots.push(slot);
          this.#ahead.reopen();
          this.#next(slot);
          this.dispatch();
          return undefined;
        },
        (error: unknown) => {
          this.starting -= 1;
          this.#startFailed(error);
        },
      )
      .finally(() => this.#starts.delete(start));
    this.#starts.add(start);
  }

  /** Tasks fail with it if nobody else can run them. */
  #startFailed(error: unknown): void {
    this.#startAgainAt = performance.now() + START_AGAIN_MS;
    for (const task of this.#homeless.take()) this.#leave(task, false, error);
    if (this.slots.length > 0 || this.starting > 0) return;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#leave(next, false, error);
    }
  }

  #replace(
    slot: Slot,
    reason: ReplacementReason,
    suspects: readonly string[],
    detail: string,
  ): void {
    this.replaced += 1;
    const wasNeeded = this.#remove(slot);
    const { name: pool, onReplace } = this.settings;
    const { py, tasks } = slot;
    tellReplaced({ pool, interpreter: py.name, reason, suspects, tasks, detail }, onReplace);
    if (wasNeeded && (!this.isClosing || this.#homeless.length > 0)) this.#start();
    else this.#grow();
  }

  #shrink(slot: Slot): void {
    if (this.slots.length > this.settings.min) this.#remove(slot);
  }

  /** An interpreter takes no more tasks; those that it has not begun go to others. */
  #remove(slot: Slot): boolean {
    slot.isRetired = true;
    this.#leaving.add(slot);
    const at = this.slots.indexOf(slot);
    if (at >= 0) this.slots.splice(at, 1);
    const idle = this.idle.indexOf(slot);
    if (idle >= 0) this.idle.splice(idle, 1);
    this.#homeless.add(...slot.takePinned());
    for (const task of slot.jobs.slice(1).toReversed()) {
      if (slot.withdraw(task)) this.#queue.unshift(task);
      else slot.markBegun(task);
    }
    if (slot.jobs.length === 0 && !slot.isTelling) this.#bury(slot);
    return at >= 0 && !this.#isClosed;
  }

  #bury(slot: Slot, timeout?: number): void {
    if (!this.#leaving.delete(slot)) return;
    const now = performance.now();
    this.pastBusyMs += slot.busyUntil(now);
    this.pastLifeMs += now - slot.bornAt;
    // One that still runs did not stop when it was asked to: there is nothing to wait for.
    const farewell = slot.py.state === 'running' ? 0 : timeout;
    void this.crew.dismiss(slot.py, farewell);
  }
}
