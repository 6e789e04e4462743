// One process while it runs: what it is, what it does, what it waits for. Facts only; what they mean
// is for ../deadlock and ../network to say.

import type { Interpreter } from '@multicore-python/interpreters';
import type { End } from '../holding.js';
import type { Process } from '../process.js';
import type { Party } from './party.js';
import type { Scope } from './scope.js';
import type { Tracker } from './tracker.js';
import type { Wait } from './wait.js';

/** What a process is doing, or how it ended. */
export type MemberState = 'starting' | 'running' | 'waiting' | 'done' | 'failed' | 'stopped';

/** A process that runs, or ran, in a network. */
export class Member implements Party {
  readonly id: number;
  readonly process: Process<unknown>;
  readonly tracker: Tracker;
  /** Aborts when it should stop; its operations end with it. */
  readonly signal: AbortSignal;
  readonly startedAt: number = performance.now();
  endedAt: number | undefined;
  /** The operations that wait, of a JavaScript process. */
  readonly waits: Set<Wait> = new Set();
  /** The compositions that it runs, of a JavaScript process. */
  readonly scopes: Set<Scope> = new Set();
  /** The interpreter of a Python process, once it runs. */
  interpreter: Interpreter | undefined;
  /** Milliseconds its interpreter had worked before. */
  busyBefore = 0;
  /** The same at its end. */
  busyAfter: number | undefined;
  /** Milliseconds of processor time that its interpreter had used before, and has in the end. */
  cpuBefore = 0;
  cpuAfter: number | undefined;
  /** When an operation was last begun or done. */
  lastActive: number = performance.now();
  outcome: 'done' | 'failed' | 'stopped' | undefined;
  hasBegun = false;
  /** Whether stopping it leaves its channels alone, so that they can be used again. */
  isGentle = false;

  constructor(id: number, process: Process<unknown>, tracker: Tracker, signal: AbortSignal) {
    this.id = id;
    this.process = process;
    this.tracker = tracker;
    this.signal = signal;
  }

  /** For people. */
  get name(): string {
    return this.process.name;
  }

  get ends(): readonly End[] {
    return this.process.ends;
  }

  get language(): 'javascript' | 'python' {
    return this.process.language === 'python' ? 'python' : 'javascript';
  }

  /** Milliseconds that its interpreter worked for it; what it waited counts too. */
  get busy(): number {
    if (this.busyAfter !== undefined) return this.busyAfter - this.busyBefore;
    const py = this.interpreter;
    if (py === undefined || py.state === 'closed') return 0;
    return py.stats().busy - this.busyBefore;
  }

  /** Milliseconds of processor time that its interpreter used for it. */
  get cpu(): number {
    if (this.cpuAfter !== undefined) return this.cpuAfter - this.cpuBefore;
    const py = this.interpreter;
    if (py === undefined || py.state === 'closed') return 0;
    return py.stats().cpu - this.cpuBefore;
  }

  /** The process has been given an interpreter. */
  runsIn(py: Interpreter): void {
    this.interpreter = py;
    const { busy, cpu } = py.stats();
    this.busyBefore = busy;
    this.cpuBefore = cpu;
    this.hasBegun = true;
  }

  end(outcome: 'done' | 'failed' | 'stopped'): void {
    this.busyAfter = this.busyBefore + this.busy;
    this.cpuAfter = this.cpuBefore + this.cpu;
    this.outcome = outcome;
    this.endedAt = performance.now();
  }
}
