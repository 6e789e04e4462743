// Durations as histograms, and what is told of them. Milliseconds outside, nanoseconds inside, as
// node:perf_hooks has them.

import { createHistogram, type Histogram, type RecordableHistogram } from 'node:perf_hooks';

const NS_PER_MS = 1e6;

/** Durations in milliseconds. */
export interface TimeStats {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** All of them, in nanoseconds: `histogram.percentile(99.9)`. It goes on recording. */
  readonly histogram: Histogram;
}

/** Collects durations. */
export class Times {
  readonly #histogram: RecordableHistogram = createHistogram();
  #count = 0;

  /** Adds a duration. */
  record(ms: number): void {
    this.#count += 1;
    this.#histogram.record(Math.max(1, Math.round(ms * NS_PER_MS)));
  }

  /** Figures about all of them. */
  stats(): TimeStats {
    const histogram = this.#histogram;
    const ms = (ns: number): number => (this.#count === 0 ? 0 : ns / NS_PER_MS);
    return {
      count: this.#count,
      mean: ms(histogram.mean),
      min: ms(histogram.min),
      max: ms(histogram.max),
      p50: ms(histogram.percentile(50)),
      p90: ms(histogram.percentile(90)),
      p99: ms(histogram.percentile(99)),
      histogram,
    };
  }
}
