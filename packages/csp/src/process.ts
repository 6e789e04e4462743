// What a process is: something that has a name, is handed channel ends, and runs once started. The
// kinds of process have files of their own.

import { type End, hold, letGo } from './holding.js';
import type { Member } from './monitor/member.js';
import type { Tracker } from './monitor/tracker.js';
import type { Deadlines } from './stopping.js';

/** What a running process is given by the network it runs in. */
export interface Context {
  /** Aborts when the process should stop: another one failed, or the whole was aborted. */
  readonly signal: AbortSignal;
  /** Who keeps count of the processes; nobody outside of a network or a supervisor. @internal */
  readonly tracker?: Tracker | undefined;
  /** The running process itself. @internal */
  readonly member?: Member | undefined;
  /** Aborts when its operations end, if that is later than `signal`. @internal */
  readonly hard?: AbortSignal | undefined;
  /** Whether stopping leaves channels alone, so that they can be used again. @internal */
  readonly isGentle?: boolean | undefined;
  /** Hears of each process that ended well, of those that end one by one. @internal */
  readonly onDone?: ((process: Process<unknown>) => void) | undefined;
  /** How long it gets to stop. @internal */
  readonly deadlines?: Deadlines | undefined;
}

/**
 * A description of a process. It does nothing until `par`, `seq` or `run` starts it.
 *
 * Channel ends that are handed to processes belong to them: each is left when the last process that
 * it was handed to has ended, so that a network ends by itself once its source has. Hand over
 * `end.clone()` to keep the end.
 */
export abstract class Process<out Result> {
  /** For error messages and statistics. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** What it is written in; a group is made of other processes. */
  abstract readonly language: 'javascript' | 'python' | 'group';

  /** The channel ends that it was handed, those of the processes in it included. */
  abstract get ends(): readonly End[];

  /** Runs it, once per call. @internal */
  abstract start(context: Context): Promise<Result>;

  /** Counts itself in as a user of its ends, before any process of the network starts. @internal */
  hold(): void {
    hold(this.ends);
  }

  /** Counts itself out. @internal */
  letGo(): void {
    letGo(this.ends);
  }
}

/** What a process results in. */
export type ResultOf<P> = P extends Process<infer Result> ? Result : never;

/** What processes result in, in their order. */
export type ResultsOf<Processes extends readonly Process<unknown>[]> = {
  -readonly [Key in keyof Processes]: ResultOf<Processes[Key]>;
};
