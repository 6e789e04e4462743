// Counts. Everything that `npm test` reports is a sum of these.

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly string[]} failures what failed, in words
 * @property {readonly string[]} reasons why something was skipped
 * @property {readonly string[]} unstable what failed first and passed when it was run again by itself
 */

/** @returns {Tally} */
const tally = (part) => ({
  passed: 0,
  failed: 0,
  skipped: 0,
  failures: [],
  reasons: [],
  unstable: [],
  ...part,
});

export const none = tally({});
export const passed = (count = 1) => tally({ passed: count });
export const failed = (...failures) => tally({ failed: failures.length, failures });
export const skipped = (reason, count = 1) => tally({ skipped: count, reasons: [reason] });
export const counted = (passed, failed, skipped = 0, failures = []) =>
  tally({ passed, failed, skipped, failures });

/** @param {readonly Tally[]} tallies */
export const sum = (tallies) =>
  tallies.reduce(
    (a, b) => ({
      passed: a.passed + b.passed,
      failed: a.failed + b.failed,
      skipped: a.skipped + b.skipped,
      failures: a.failures.concat(b.failures),
      reasons: a.reasons.concat(b.reasons),
      unstable: a.unstable.concat(b.unstable),
    }),
    none,
  );

/**
 * One check that a program passes by exiting with 0.
 * @param {import('./process.mjs').Finished} result
 * @param {string} what
 */
export const exitTally = (result, what) =>
  result.code === 0 ? passed() : failed(`${what} (${describeExit(result)})`);

/**
 * What a test runner counted, distrusting it in two ways: a bad exit code is a failure even when it
 * counted none (it crashed), and so is a run of no test at all.
 * @param {Tally} tests
 * @param {import('./process.mjs').Finished} result
 * @param {string} what
 */
export function runnerTally(tests, result, what) {
  if (result.code !== 0 && tests.failed === 0)
    return sum([tests, failed(`${what} (${describeExit(result)})`)]);
  if (tests.passed + tests.failed === 0) return sum([tests, failed(`${what}: ran no test`)]);
  return tests;
}

export const describeExit = ({ code, timedOut }) =>
  timedOut ? 'took too long' : code > 128 ? `died of signal ${code - 128}` : `exit code ${code}`;

/** The last line of a run: read by people and by CI. */
export const summaryLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
