import { describe, expect, test } from 'vitest';
import {
  counted,
  failed,
  none,
  passed,
  runnerTally,
  skipped,
  sum,
  summaryLine,
} from '../lib/tally.mjs';

const exit = (code) => ({ code, timedOut: false });

describe('runnerTally', () => {
  test('believes a runner that ran tests and says that all passed', () => {
    expect(runnerTally(counted(3, 0), exit(0), 'x')).toEqual(counted(3, 0));
  });

  test('counts a crash as a failure, whatever passed before it', () => {
    const tally = runnerTally(counted(3, 0), exit(139), 'x');
    expect(tally).toMatchObject({ passed: 3, failed: 1, failures: ['x (died of signal 11)'] });
  });

  test('does not count a failure twice when the exit code says the same', () => {
    expect(runnerTally(counted(3, 2), exit(1), 'x')).toEqual(counted(3, 2));
  });

  test('counts a run of no test as a failure', () => {
    expect(runnerTally(none, exit(0), 'x').failed).toBe(1);
    expect(runnerTally(skipped('why', 4), exit(0), 'x').failed).toBe(1);
  });
});

test('sum adds counts and keeps every reason', () => {
  const total = sum([passed(2), failed('a', 'b'), skipped('c')]);
  expect(total).toEqual({
    passed: 2,
    failed: 2,
    skipped: 1,
    failures: ['a', 'b'],
    reasons: ['c'],
    unstable: [],
  });
});

test('summaryLine names skipped checks only when there are any', () => {
  expect(summaryLine(passed(2))).toBe('2 passed, 0 failed');
  expect(summaryLine(sum([passed(2), skipped('c')]))).toBe('2 passed, 0 failed, 1 skipped');
});
