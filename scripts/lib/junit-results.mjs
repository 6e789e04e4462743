// Reads pytest's JUnit XML: only the counts of its first <testsuite>, which pytest writes in one tag.
import { counted } from './tally.mjs';

/** @param {string} xml */
export function parseJunit(xml) {
  const suite = /<testsuite [^>]*>/.exec(xml)?.[0];
  if (!suite) throw new Error('no <testsuite> in the report');
  const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  const passed = count('tests') - failed - count('skipped');
  const failures = failed > 0 ? [`${failed} of pytest's tests`] : [];
  return counted(passed, failed, count('skipped'), failures);
}
