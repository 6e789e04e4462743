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
    if (failed.length > 0) return failed.map((test) => `${file} > ${test.fullName}`);
    // The file itself failed: it did not load, or its process died.
    return status === 'failed' ? [`${file}: ${message.split('\n')[0] || 'did not run'}`] : [];
  });
  const skipped = report.numPendingTests + report.numTodoTests;
  return counted(report.numPassedTests, failures.length, skipped, failures);
}
