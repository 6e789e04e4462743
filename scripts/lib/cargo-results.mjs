// Reads what `cargo test` prints; its JSON output is not stable yet.
import { counted, sum } from './tally.mjs';

const RESULT = /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm;
const FAILED_TEST = /^test (.+?) \.\.\. FAILED$/gm;

/** @param {string} output */
export function parseCargoTest(output) {
  const failures = [...output.matchAll(FAILED_TEST)].map(([, name]) => `cargo test ${name}`);
  const results = [...output.matchAll(RESULT)].map(([, passed, failed, ignored]) =>
    counted(Number(passed), Number(failed), Number(ignored)),
  );
  return { ...sum(results), failures };
}
