// Reads vitest's JSON report.
import { relative } from 'node:path';
import { root } from './paths.mjs';
import { counted } from './tally.mjs';

/** @param {string} json */
export function parseVitest(json) {
  const report = JSON.parse(json);
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length > 0)
      return failed.map(
        (test) => `${file} > ${test.fullName}${because(test.failureMessages?.[0])}`,
      );
    // The file itself failed: it did not load, or its process died.
    return status === 'failed' ? [`${file}: ${message.split('\n')[0] || 'did not run'}`] : [];
  });
  const skipped = report.numPendingTests + report.numTodoTests;
  return counted(report.numPassedTests, failures.length, skipped, failures);
}

const because = (message) => (message ? `: ${message.split('\n')[0].slice(0, 300)}` : '');

/**
 * The files whose tests failed by an assertion or a time limit, if that is all that went wrong;
 * none when a file did not load or a process died.
 * @param {string} json
 * @returns {readonly string[]} paths below the repository
 */
export function assertionFailures(json) {
  const files = JSON.parse(json).testResults.filter(({ status }) => status === 'failed');
  const failedByTest = ({ assertionResults }) =>
    assertionResults.some(({ status }) => status === 'failed');
  return files.every(failedByTest) ? files.map(({ name }) => relative(root, name)) : [];
}
