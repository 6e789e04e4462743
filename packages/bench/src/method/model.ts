// What a suite is made of, and what a run results in. Types only.

import type { Sample, Summary } from './statistics.js';

/** The contender that all ratios are against. */
export const REFERENCE = 'multicore';

/** What runs in a process of its own and answers to the protocol in src/host/. */
export type Program =
  /** A module in src/programs/, run by Node. */
  | {
      readonly kind: 'node';
      readonly module: string;
      readonly env?: Readonly<Record<string, string>>;
    }
  /** A script in python/, run by the Python that was found. */
  | { readonly kind: 'python'; readonly script: string; readonly args?: readonly string[] }
  /** A program in native/, built by its toolchain. */
  | { readonly kind: 'native'; readonly name: 'go' | 'crossbeam' };

/** One side of a comparison. */
export interface Entry {
  /** The id of a contender in src/peers/contenders.ts. */
  readonly contender: string;
  readonly program: Program;
  /** The program's name for the work; the case's id if missing. */
  readonly workload?: string;
  /** Shown beside the contender's name: `2 workers`, `JSON`. */
  readonly variant?: string;
  /** Left out of `--quick`, and why: `seconds to start`. Still a part of every other run. */
  readonly slow?: string;
}

/** How a case is measured. */
export type Measure =
  /** Time for one of `n` operations in a warm process. */
  | 'time'
  /** Operations per second in a warm process. */
  | 'rate'
  /** Time of one run of the whole work in a warm process. */
  | 'work'
  /** Time of a fresh process from its start to its end. */
  | 'process'
  /** Memory that `n` more of something take, each: what processes share counted once (PSS). */
  | 'memory'
  /** The same, what processes share counted in each (RSS). */
  | 'resident';

/** One comparison. */
export interface Case {
  readonly id: string;
  readonly title: string;
  readonly measure: Measure;
  readonly entries: readonly Entry[];
  /** How many operations the check compares; also the `n` of `memory`, `resident` and `work`. */
  readonly checkedOperations?: number;
  /** Rounds, where not the usual number; `--quick` never does more than it usually does. */
  readonly rounds?: number;
  /**
   * `in-turn`: each round on one core, the same for every side of that round, the next round on the
   * next core. For work on one thread in warm processes (`time`, `rate`, `work`), where a side that
   * stays on a core would keep what disturbs that core for the whole case. Missing: on all cores, and
   * the system's scheduler decides.
   */
  readonly cores?: 'in-turn';
  /**
   * The rounds are spread over so many processes of each side, one after the other: what one happens
   * to be like (where its memory lies, its hash seed) decides no more than its share. Sides that take
   * seconds to start keep theirs. Missing: one.
   */
  readonly processes?: number;
  /** The least time of one sample in milliseconds, where setting up weighs. */
  readonly sampleMs?: number;
  /**
   * Roughly what one sample takes in milliseconds, on average over the entries of `--quick`, where
   * that is more than `sampleMs` or not for us to choose. Only planning counts with it.
   */
  readonly takesMs?: number;
  /** One of the few that stand for their suite: in `--quick` and in the README's table. */
  readonly headline?: boolean;
  /** What the reader should know about the comparison. */
  readonly note?: string;
}

/** Cases that belong together. */
export interface Suite {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly cases: readonly Case[];
}

/** Units of results, always the base unit: formatting chooses the prefix. */
export type Unit = 'seconds' | 'perSecond' | 'bytes';

/** What a measure is counted in, and which way is better. */
export const MEASURES: Readonly<
  Record<Measure, { readonly unit: Unit; readonly better: 'lower' | 'higher' }>
> = {
  time: { unit: 'seconds', better: 'lower' },
  rate: { unit: 'perSecond', better: 'higher' },
  work: { unit: 'seconds', better: 'lower' },
  process: { unit: 'seconds', better: 'lower' },
  memory: { unit: 'bytes', better: 'lower' },
  resident: { unit: 'bytes', better: 'lower' },
};

/** What one side of a comparison reached. */
export interface EntryResult {
  readonly contender: string;
  readonly label: string;
  readonly version: string | null;
  readonly variant: string | null;
  readonly operations: number;
  readonly samples: readonly Sample[];
  readonly summary: Summary;
  /** Processor time per operation in seconds, all processes of this side together; null: not known. */
  readonly cpuSeconds: number | null;
  /** Memory of all processes of this side after the case, in bytes; null: not known. */
  readonly memoryBytes: number | null;
  /** How many times better the reference is; null for the reference itself. */
  readonly ratio: Summary | null;
}

/** Something that did not run, and why. */
export interface Skip {
  readonly what: string;
  readonly reason: string;
}

/** Where the rounds of a case with `cores: 'in-turn'` ran. */
export type CoresUsed =
  /** Each on one of these, in turn. */
  | { readonly inTurn: readonly number[] }
  /** On whichever the system chose, and why. */
  | { readonly notInTurn: string };

/** What a case came to. */
export interface CaseResult {
  readonly id: string;
  readonly title: string;
  readonly note: string | null;
  readonly measure: Measure;
  readonly unit: Unit;
  readonly better: 'lower' | 'higher';
  readonly entries: readonly EntryResult[];
  readonly skipped: readonly Skip[];
  /** Rounds that other load disturbed, of all. */
  readonly disturbed: { readonly rounds: number; readonly of: number };
  /** Fewer rounds than planned, because the time of the case was used up; missing: all were done. */
  readonly cut?: { readonly rounds: number; readonly of: number };
  /** Missing: the case did not ask for cores. */
  readonly cores?: CoresUsed;
}

/** What a suite came to. */
export interface SuiteResult {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly cases: readonly CaseResult[];
}
