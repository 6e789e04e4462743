// What a run does: which cases with which entries, how often and for how long. Only decides and
// foretells; running is in run.ts and case.ts.

import type { Case, Entry, Skip, Suite } from '../method/model.js';
import { contenderOf } from '../peers/contenders.js';

/** How much of everything. */
export interface Pace {
  readonly quick: boolean;
  /** Rounds of a case that asks for no other number. */
  readonly rounds: number;
  /** The least time of one sample. */
  readonly sampleMs: number;
  /** What the longer samples that some cases ask for are multiplied by. */
  readonly scale: number;
  /** A case that has taken this long begins no further round; null: it takes as long as it does. */
  readonly caseMs: number | null;
  /** After this long no further case begins; null: all of them. Preparing does not count. */
  readonly totalMs: number | null;
}

const THOROUGH: Pace = {
  quick: false,
  rounds: 11,
  sampleMs: 60,
  scale: 1,
  caseMs: null,
  totalMs: null,
};
// The promise is two minutes for the whole command. The last case may begin at the end of the total.
const QUICK: Pace = {
  quick: true,
  rounds: 5,
  sampleMs: 20,
  scale: 0.4,
  caseMs: 8_000,
  totalMs: 100_000,
};

/** What is asked for, as far as it decides what runs. */
export interface Selection {
  readonly quick: boolean;
  /** Cases whose `suite/case` contains one of these; none: all, or the headlines of a quick run. */
  readonly filter: readonly string[];
}

/** What will run. */
export interface RunPlan {
  readonly pace: Pace;
  /** With the cases that run, and these with all of their entries. */
  readonly suites: readonly Suite[];
  /** Cases as `suite/case` that nobody asked to leave out. */
  readonly leftOut: readonly Skip[];
}

/** Decides what runs: with a filter all that it names, however long that takes. */
export function planRun(suites: readonly Suite[], { quick, filter }: Selection): RunPlan {
  const pace = quick ? QUICK : THOROUGH;
  const filtered = filter.length > 0;
  const leftOut: Skip[] = [];
  const chosen = suites.map((suite) => ({
    ...suite,
    cases: suite.cases.filter(({ id, headline }) => {
      const path = `${suite.id}/${id}`;
      if (filtered) return filter.some((part) => path.includes(part));
      if (!quick || headline) return true;
      leftOut.push({ what: path, reason: NO_HEADLINE });
      return false;
    }),
  }));
  return {
    pace: filtered ? { ...pace, totalMs: null } : pace,
    suites: chosen.filter(({ cases }) => cases.length > 0),
    leftOut,
  };
}

const NO_HEADLINE = 'not in --quick';

/** Why an entry is left out at this pace; null if it takes part. */
export function leftOutBecause({ slow }: Entry, { quick }: Pace): string | null {
  return quick && slow !== undefined ? `not in --quick: ${slow}` : null;
}

/** How many rounds a case gets: what it asks for, but a quick run has no time for more than usual. */
export function roundsOf({ rounds }: Pick<Case, 'rounds'>, pace: Pace): number {
  if (rounds === undefined) return pace.rounds;
  return pace.quick ? Math.min(rounds, pace.rounds) : rounds;
}

/** The least time of one sample of a case. */
export function sampleMsOf({ sampleMs = 0 }: Case, pace: Pace): number {
  return Math.max(pace.sampleMs, sampleMs * pace.scale);
}

/** What a plan comes to, foretold from what the cases say of themselves. */
export interface Forecast {
  readonly cases: number;
  /** Sides of all cases together. */
  readonly entries: number;
  /** Of samples and of what leads to them, and of starting programs. */
  readonly seconds: number;
}

// The check and calibration come to about three samples; where there is nothing to choose, to one.
const WARMING = { chosen: 3, fixed: 1 } as const;
const START_MS = 250;

/** Foretells a plan: deterministic, for a machine like the one of docs/benchmarks.md. */
export function forecast({ suites, pace }: Pick<RunPlan, 'suites' | 'pace'>): Forecast {
  let entries = 0;
  let milliseconds = 0;
  for (const { cases } of suites) {
    const starts = new Map<string, number>();
    for (const each of cases) {
      const takingPart = each.entries.filter((entry) => leftOutBecause(entry, pace) === null);
      entries += takingPart.length;
      const chosen = each.measure === 'time' || each.measure === 'rate';
      const sampleMs = Math.max(chosen ? sampleMsOf(each, pace) : 0, each.takesMs ?? 0);
      const samples = roundsOf(each, pace) + (chosen ? WARMING.chosen : WARMING.fixed);
      milliseconds += takingPart.length * samples * sampleMs;
      // New processes on the way, with a sample to warm each.
      const rounds = roundsOf(each, pace);
      const renewed = Math.ceil(rounds / Math.ceil(rounds / (each.processes ?? 1))) - 1;
      const quickToStart = takingPart.filter(({ slow }) => slow === undefined).length;
      milliseconds += renewed * quickToStart * (START_MS + sampleMs);
      // A fresh process for each sample is part of the sample.
      if (chosen || each.measure === 'work')
        for (const { program, contender } of takingPart)
          starts.set(JSON.stringify(program), contenderOf(contender).startMs ?? START_MS);
    }
    for (const startMs of starts.values()) milliseconds += startMs;
  }
  return {
    cases: suites.reduce((sum, { cases }) => sum + cases.length, 0),
    entries,
    seconds: milliseconds / 1000,
  };
}
