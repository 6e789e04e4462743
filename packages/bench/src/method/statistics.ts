// Medians, quartiles and ratios. Arithmetic only: no clocks, no processes, no text.

/** Where the middle of a sample is, and how wide it is. */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly max: number;
}

/**
 * The value below which a share of the sample lies, interpolated between neighbours as R and NumPy do
 * by default (type 7). NaN for an empty sample.
 */
export function quantile(sample: readonly number[], share: number): number {
  if (sample.length === 0) return Number.NaN;
  const sorted = [...sample].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const lower = sorted[below] as number;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return lower + (upper - lower) * (position - below);
}

/** The middle of a sample. */
export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}

/** Median, quartiles and extremes of a sample. */
export function summarize(sample: readonly number[]): Summary {
  return {
    count: sample.length,
    min: quantile(sample, 0),
    q1: quantile(sample, 0.25),
    median: median(sample),
    q3: quantile(sample, 0.75),
    max: quantile(sample, 1),
  };
}

/** The interquartile range as a share of the median: 0.1 means that half of the rounds are within ±5 %. */
export function relativeSpread({ q1, median, q3 }: Summary): number {
  return median === 0 ? 0 : (q3 - q1) / median;
}

/** The average; for what is counted in coarse ticks, where a median would be a multiple of them. */
export function mean(sample: readonly number[]): number {
  return sample.reduce((sum, value) => sum + value, 0) / sample.length;
}

/** The mean that suits ratios. */
export function geometricMean(sample: readonly number[]): number {
  if (sample.length === 0) return Number.NaN;
  return Math.exp(sample.reduce((sum, value) => sum + Math.log(value), 0) / sample.length);
}

/** One measured round; `disturbed` says that other load on the machine was seen during it. */
export interface Sample {
  readonly round: number;
  readonly value: number;
  readonly disturbed: boolean;
}

// With fewer undisturbed rounds than this, all are used: a median of two says less than one of nine.
const UNDISTURBED_MIN = 3;

/** The rounds that count: the undisturbed ones, if there are enough of them. */
export function countedSamples(samples: readonly Sample[]): readonly Sample[] {
  const quiet = samples.filter(({ disturbed }) => !disturbed);
  return quiet.length >= UNDISTURBED_MIN ? quiet : samples;
}

/**
 * How many times better the reference is than another, from rounds in which both ran one after the
 * other: load that comes and goes hits both, and cancels.
 */
export function pairedRatios(
  reference: readonly Sample[],
  other: readonly Sample[],
  better: 'lower' | 'higher',
): Sample[] {
  const byRound = new Map(reference.map((sample) => [sample.round, sample]));
  return other.flatMap((theirs) => {
    const ours = byRound.get(theirs.round);
    if (ours === undefined || ours.value === 0 || theirs.value === 0) return [];
    const value = better === 'lower' ? theirs.value / ours.value : ours.value / theirs.value;
    return [{ round: theirs.round, value, disturbed: ours.disturbed || theirs.disturbed }];
  });
}
