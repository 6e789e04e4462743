import { describe, expect, it } from 'vitest';
import {
  countedSamples,
  geometricMean,
  mean,
  median,
  pairedRatios,
  quantile,
  relativeSpread,
  type Sample,
  summarize,
} from '../src/method/statistics.js';

const samples = (values: number[], disturbed: number[] = []): Sample[] =>
  values.map((value, round) => ({ round, value, disturbed: disturbed.includes(round) }));

describe('quantile', () => {
  it('interpolates between neighbours', () => {
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  });

  it('gives the extremes', () => {
    expect(quantile([5, 1, 9], 0)).toBe(1);
    expect(quantile([5, 1, 9], 1)).toBe(9);
  });

  it('is NaN without values, and the value itself with one', () => {
    expect(median([])).toBeNaN();
    expect(quantile([7], 0.75)).toBe(7);
  });

  it('leaves its input as it was', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('summarize', () => {
  it('gives quartiles and extremes', () => {
    expect(summarize([1, 2, 3, 4, 5])).toEqual({
      count: 5,
      min: 1,
      q1: 2,
      median: 3,
      q3: 4,
      max: 5,
    });
  });

  it('has a spread relative to the median', () => {
    expect(relativeSpread(summarize([1, 2, 3, 4, 5]))).toBeCloseTo(2 / 3);
    expect(relativeSpread(summarize([0, 0]))).toBe(0);
  });
});

describe('countedSamples', () => {
  it('leaves out disturbed rounds while enough others remain', () => {
    const all = samples([1, 2, 3, 40, 5], [3]);
    expect(countedSamples(all).map(({ value }) => value)).toEqual([1, 2, 3, 5]);
  });

  it('uses all rounds when too few were undisturbed', () => {
    const all = samples([1, 2, 30, 40], [2, 3]);
    expect(countedSamples(all)).toHaveLength(4);
  });
});

describe('pairedRatios', () => {
  it('compares within a round: what slows both cancels', () => {
    const ours = samples([1, 2, 10]);
    const theirs = samples([3, 6, 30]);
    expect(pairedRatios(ours, theirs, 'lower').map(({ value }) => value)).toEqual([3, 3, 3]);
  });

  it('turns around where more is better', () => {
    expect(pairedRatios(samples([10]), samples([5]), 'higher')[0]?.value).toBe(2);
  });

  it('leaves out rounds that only one of them ran, and marks disturbed ones', () => {
    const ratios = pairedRatios(samples([1, 1, 1], [1]), samples([2, 2]), 'lower');
    expect(ratios).toEqual([
      { round: 0, value: 2, disturbed: false },
      { round: 1, value: 2, disturbed: true },
    ]);
  });
});

it('has a geometric mean for ratios and an arithmetic one for ticks', () => {
  expect(geometricMean([2, 0.5])).toBeCloseTo(1);
  expect(mean([0, 0.01])).toBeCloseTo(0.005);
});
