// What the runner and the programs say to each other: JSON lines on stdin and stdout. A line of a
// program that answers starts with a mark, so that what libraries print does no harm.

/** What starts a line that is an answer. */
export const MARK = '@bench ';

/** From the runner. */
export type Request =
  | {
      readonly op: 'run';
      readonly workload: string;
      readonly n: number;
      /** Node is to collect its garbage first: for memory, never for time (see serve.ts). */
      readonly collect: boolean;
    }
  | { readonly op: 'close' };

/** The first line of a program. */
export interface Hello {
  readonly ready: true;
  /** Of the library under test, as it says itself. */
  readonly version: string | null;
  readonly workloads: readonly string[];
}

/** The answer to `run`. */
export interface Ran {
  readonly seconds: number;
  /** What the work computed: must be equal on all sides. */
  readonly check: unknown;
}

/** Any answer. */
export type Reply = Hello | Ran | { readonly error: string };

/** Does something `n` times and gives what the check compares. */
export type Workload = (n: number) => unknown;

/** A program as its module gives it to the server. */
export interface Opened {
  readonly version: string | null;
  readonly workloads: Readonly<Record<string, Workload>>;
  readonly close?: () => unknown;
}

/** What a workload returns if it takes its own time, because something before or after is not part of it. */
export class Timed {
  readonly seconds: number;
  readonly check: unknown;

  constructor(seconds: number, check: unknown) {
    this.seconds = seconds;
    this.check = check;
  }
}

/** What a program in src/programs/ exports. */
export interface ProgramModule {
  readonly open: () => Promise<Opened>;
}
