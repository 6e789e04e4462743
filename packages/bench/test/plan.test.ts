import { describe, expect, it } from 'vitest';
import { forecast, leftOutBecause, planRun, roundsOf } from '../src/runner/plan.js';
import { SUITES } from '../src/suites/index.js';

const pathsOf = (suites: typeof SUITES): string[] =>
  suites.flatMap(({ id, cases }) => cases.map((each) => `${id}/${each.id}`));
const ALL = pathsOf(SUITES);
const QUICK = planRun(SUITES, { quick: true, filter: [] });

describe('a quick run', () => {
  it('is foretold to be over before its time is', () => {
    const { cases, entries, seconds } = forecast(QUICK);
    expect(cases).toBeLessThanOrEqual(32);
    expect(entries).toBeLessThanOrEqual(140);
    expect(seconds * 1000).toBeLessThan(QUICK.pace.totalMs as number);
  });

  it('ends in two minutes even if its last case begins at the last moment', () => {
    const { totalMs, caseMs } = QUICK.pace;
    expect((totalMs as number) + 2 * (caseMs as number)).toBeLessThan(120_000);
  });

  it('has something of every suite, and us in every case', () => {
    expect(QUICK.suites.map(({ id }) => id)).toEqual(SUITES.map(({ id }) => id));
    for (const { entries } of QUICK.suites.flatMap(({ cases }) => cases))
      expect(leftOutBecause(entries[0] as (typeof entries)[number], QUICK.pace)).toBeNull();
  });

  it('knows what a sample takes wherever that is not its choice', () => {
    for (const { id, measure, takesMs } of QUICK.suites.flatMap(({ cases }) => cases))
      if (measure !== 'time' && measure !== 'rate') expect(takesMs, id).toBeGreaterThan(0);
  });

  it('names every case that it leaves out', () => {
    const leftOut = QUICK.leftOut.map(({ what }) => what);
    expect([...pathsOf(QUICK.suites), ...leftOut].sort()).toEqual([...ALL].sort());
    expect(leftOut).toContain('channels/bytes-64');
  });

  it('says why an entry is left out', () => {
    const [slow, other] = ['seconds to start', undefined].map((reason) => ({
      contender: 'pyodide',
      program: { kind: 'node', module: 'pool/pyodide' } as const,
      ...(reason === undefined ? {} : { slow: reason }),
    }));
    expect(leftOutBecause(slow as never, QUICK.pace)).toBe('not in --quick: seconds to start');
    expect(leftOutBecause(other as never, QUICK.pace)).toBeNull();
  });
});

describe('other runs', () => {
  it('have all cases with all entries, and no end but theirs', () => {
    const { pace, suites, leftOut } = planRun(SUITES, { quick: false, filter: [] });
    expect(pathsOf(suites)).toEqual(ALL);
    expect(leftOut).toEqual([]);
    expect([pace.caseMs, pace.totalMs]).toEqual([null, null]);
    const entries = suites.flatMap(({ cases }) => cases.flatMap((each) => each.entries));
    expect(entries.filter((entry) => leftOutBecause(entry, pace) !== null)).toEqual([]);
    expect(forecast({ pace, suites }).seconds).toBeGreaterThan(forecast(QUICK).seconds);
  });

  it('do as many rounds as a case asks for, a quick one no more than usual', () => {
    const { pace } = planRun(SUITES, { quick: false, filter: [] });
    expect([3, 16, undefined].map((rounds) => roundsOf(rounds ? { rounds } : {}, pace))).toEqual([
      3,
      16,
      pace.rounds,
    ]);
    expect([3, 16].map((rounds) => roundsOf({ rounds }, QUICK.pace))).toEqual([
      3,
      QUICK.pace.rounds,
    ]);
  });

  it('have what is named, headline or not, however long it takes', () => {
    const plan = planRun(SUITES, { quick: true, filter: ['channels/bytes-64'] });
    expect(pathsOf(plan.suites)).toEqual(['channels/bytes-64']);
    expect(plan.pace.totalMs).toBeNull();
    expect(planRun(SUITES, { quick: true, filter: ['nothing like this'] }).suites).toEqual([]);
  });
});
