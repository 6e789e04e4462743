import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCargoTest } from '../lib/cargo-results.mjs';
import { parseJunit } from '../lib/junit-results.mjs';
import { root } from '../lib/paths.mjs';
import { assertionFailures, parseVitest } from '../lib/vitest-results.mjs';

describe('cargo test', () => {
  const output = [
    'running 3 tests',
    'test value::tests::nan ... ok',
    'test value::tests::path ... FAILED',
    '',
    'test result: FAILED. 41 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.01s',
    'test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.20s',
  ].join('\n');

  test('sums the results of every test binary', () => {
    expect(parseCargoTest(output)).toMatchObject({ passed: 46, failed: 1, skipped: 2 });
  });

  test('names what failed', () => {
    expect(parseCargoTest(output).failures).toEqual(['cargo test value::tests::path']);
  });

  test('finds nothing in the output of a build that failed', () => {
    expect(parseCargoTest('error: could not compile')).toMatchObject({ passed: 0, failed: 0 });
  });
});

describe('vitest', () => {
  const file = (name, status, message, tests) => ({
    name: join(root, name),
    status,
    message,
    assertionResults: tests.map(([fullName, state]) => ({ fullName, status: state })),
  });
  const report = (testResults, counts = {}) =>
    JSON.stringify({
      numPassedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults,
      ...counts,
    });

  test('names each failed test by its file', () => {
    const json = report(
      [
        file('a.test.ts', 'failed', '', [
          ['x works', 'passed'],
          ['x holds', 'failed'],
        ]),
      ],
      { numPassedTests: 1, numPendingTests: 2, numTodoTests: 1 },
    );
    expect(parseVitest(json)).toMatchObject({
      passed: 1,
      failed: 1,
      skipped: 3,
      failures: ['a.test.ts > x holds'],
    });
  });

  test('says why a test failed, on one line', () => {
    const [failing] = JSON.parse(
      report([file('a.test.ts', 'failed', '', [['x holds', 'failed']])]),
    ).testResults;
    failing.assertionResults[0].failureMessages = ['AssertionError: expected 1 to be 2\n at x'];
    expect(parseVitest(report([failing])).failures).toEqual([
      'a.test.ts > x holds: AssertionError: expected 1 to be 2',
    ]);
  });

  test('tells failed tests from files that did not run', () => {
    const tests = file('a.test.ts', 'failed', '', [['x holds', 'failed']]);
    const died = file('b.test.ts', 'failed', 'Worker exited unexpectedly', []);
    const fine = file('c.test.ts', 'passed', '', [['y', 'passed']]);
    expect(assertionFailures(report([tests, fine]))).toEqual(['a.test.ts']);
    expect(assertionFailures(report([tests, died, fine]))).toEqual([]);
  });

  test('counts a file that did not load as one failure', () => {
    const json = report([file('b.test.ts', 'failed', 'Worker exited unexpectedly\n at', [])]);
    expect(parseVitest(json)).toMatchObject({
      failed: 1,
      failures: ['b.test.ts: Worker exited unexpectedly'],
    });
  });
});

describe('pytest', () => {
  test('takes the counts of the report', () => {
    const xml =
      '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="0.1">';
    expect(parseJunit(xml)).toMatchObject({ passed: 4, failed: 3, skipped: 3 });
  });

  test('refuses what is no report', () => {
    expect(() => parseJunit('<html>')).toThrow('no <testsuite>');
  });
});
