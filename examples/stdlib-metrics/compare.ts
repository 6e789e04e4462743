// Puts the runs side by side: speed-ups, and whether they agree. No input or output here.

import { isDeepStrictEqual } from 'node:util';
import type { Measured } from './network.js';
import { type Summary, summarize } from './summary.js';

/** The four runs. */
export interface Runs {
  readonly one: Measured;
  readonly many: Measured;
  readonly stock: Measured;
  readonly pool: Measured;
}

/** One run, as it is shown. */
export interface Run {
  readonly label: string;
  readonly seconds: number;
  readonly speedUp: number | null;
  /** What the speed-up is over. */
  readonly over: string | null;
}

/** All runs, side by side. */
export interface Comparison {
  readonly workers: number;
  readonly cores: number;
  /** Cores that other programs used meanwhile, in the run that they disturbed most. */
  readonly otherCores: number;
  readonly summary: Summary;
  readonly runs: readonly Run[];
  /** Many interpreters over one. */
  readonly speedUp: number;
  /** ProcessPoolExecutor over stock Python alone. */
  readonly poolSpeedUp: number;
  /** The first over the second. */
  readonly ratio: number;
  /** What runs do not agree on; empty when all is well. */
  readonly disagreements: readonly string[];
}

/** Compares. */
export function compare(
  { one, many, stock, pool }: Runs,
  workers: number,
  { cores, otherCores }: Pick<Comparison, 'cores' | 'otherCores'>,
): Comparison {
  const speedUp = one.seconds / many.seconds;
  const poolSpeedUp = stock.seconds / pool.seconds;
  const summary = summarize(many.results);
  const run = (
    label: string,
    { seconds }: Measured,
    base: Measured | null = null,
    over: string | null = null,
  ): Run => ({
    label,
    seconds,
    speedUp: base === null ? null : base.seconds / seconds,
    over,
  });
  return {
    workers,
    cores,
    otherCores,
    summary,
    runs: [
      run('one interpreter', one),
      run(`${workers} interpreters`, many, one, 'one interpreter'),
      run('python -m metrics', stock),
      run(`ProcessPoolExecutor(${workers})`, pool, stock, 'python -m metrics'),
    ],
    speedUp,
    poolSpeedUp,
    ratio: speedUp / poolSpeedUp,
    disagreements: [
      ...disagreements('one interpreter', summarize(one.results), summary),
      ...disagreements('python -m metrics', summarize(stock.results), summary),
      ...disagreements('ProcessPoolExecutor', summarize(pool.results), summary),
    ],
  };
}

function disagreements(label: string, theirs: Summary, ours: Summary): string[] {
  const figures = Object.keys(ours) as (keyof Summary)[];
  return figures
    .filter((figure) => !isDeepStrictEqual(theirs[figure], ours[figure]))
    .map(
      (figure) =>
        `${figure}: ${JSON.stringify(theirs[figure])} in ${label}, ${JSON.stringify(ours[figure])} in ours`,
    );
}
