import { describe, expect, it } from 'vitest';
import { measureCase, type Plan, type Side } from '../src/method/measure.js';

const QUIET = { cpuSeconds: 0, otherCores: 0, disturbed: false };
const PLAN: Plan = {
  measure: 'time',
  rounds: 4,
  sampleMs: 1,
  budgetMs: null,
  checkedOperations: 2,
};

/** A side whose operations take as long as it says. */
function side(name: string, secondsEach: number, log: string[] = [], check: unknown = 1): Side {
  return {
    name,
    run: async (n) => {
      log.push(name);
      return { ran: { seconds: n * secondsEach, check }, seen: QUIET };
    },
  };
}

describe('measureCase', () => {
  it('interleaves the sides, every other round backwards', async () => {
    const log: string[] = [];
    await measureCase([side('a', 1, log), side('b', 1, log)], PLAN, () => {});
    expect(log.slice(-8).join('')).toBe('abbaabba');
  });

  it('begins no round after its time, but never ends without one', async () => {
    const work: Plan = { ...PLAN, measure: 'work' };
    const hurried = await measureCase([side('a', 1)], { ...work, budgetMs: 0 }, () => {});
    expect(hurried.rounds).toBe(1);
    expect(hurried.results[0]?.samples).toHaveLength(1);
    expect((await measureCase([side('a', 1)], work, () => {})).rounds).toBe(4);
  });

  it('chooses operations that fill a sample for each side', async () => {
    const { results } = await measureCase([side('a', 1e-6), side('b', 1e-3)], PLAN, () => {});
    const [fast, slow] = results.map(({ operations }) => operations);
    expect(fast).toBeGreaterThanOrEqual(700);
    expect(slow).toBeLessThanOrEqual(2);
  });

  it('gives time per operation, or operations per second', async () => {
    const time = await measureCase([side('a', 0.25)], PLAN, () => {});
    expect(time.results[0]?.samples.map(({ value }) => value)).toEqual([0.25, 0.25, 0.25, 0.25]);
    const rate = await measureCase([side('a', 0.25)], { ...PLAN, measure: 'rate' }, () => {});
    expect(rate.results[0]?.samples[0]?.value).toBe(4);
  });

  it('drops a side that computes something else, and says what', async () => {
    const { results, fallen } = await measureCase(
      [side('a', 1), side('b', 1, [], 'other')],
      PLAN,
      () => {},
    );
    expect(results.map(({ name }) => name)).toEqual(['a']);
    expect(fallen).toEqual([{ name: 'b', reason: 'computed "other" where a computed 1' }]);
  });

  it('goes on without a side that fails on the way', async () => {
    let runs = 0;
    const failing: Side = {
      name: 'b',
      run: async (n) => {
        runs += 1;
        if (runs > 3)
          throw new Error('Traceback (most recent call last):\n  File\nValueError: gone');
        return { ran: { seconds: n, check: 1 }, seen: QUIET };
      },
    };
    const { results, fallen } = await measureCase([side('a', 1), failing], PLAN, () => {});
    expect(results.map(({ name }) => name)).toEqual(['a']);
    expect(fallen).toEqual([{ name: 'b', reason: 'ValueError: gone' }]);
  });
});
