import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { inCache, inRoot } from '../lib/paths.mjs';
import { run } from '../lib/process.mjs';
import { failed, runnerTally, sum } from '../lib/tally.mjs';
import { assertionFailures, parseVitest } from '../lib/vitest-results.mjs';

export const vitest = {
  name: 'vitest',
  title: 'Tests of the packages (vitest)',
  needs: ['build'],
  run: () => runVitest(process.execPath, 'vitest'),
};

/**
 * All vitest projects under the given Node. Files in which tests failed are run once more, by themselves:
 * what then passes depends on what else ran, and is told as unstable. A file that did not load, or whose
 * process died, gets no second chance.
 * @param {string} node
 * @param {string} what
 */
export async function runVitest(node, what) {
  const first = await runOnce(node, what);
  if (first.again.length === 0 || first.again.length > MOST_AGAIN) return first.tally;
  console.log(`── again, by themselves: ${first.again.join(', ')}`);
  const second = await runOnce(node, `${what} again`, first.again);
  if (second.tally.failed > 0) return sum([first.tally, { ...second.tally, passed: 0 }]);
  return {
    ...first.tally,
    passed: first.tally.passed + first.tally.failed,
    failed: 0,
    failures: [],
    unstable: first.tally.failures,
  };
}

/** More failing files than this are no accident of timing. */
const MOST_AGAIN = 2;

async function runOnce(node, what, files = []) {
  const report = inCache('vitest', `${what.replaceAll(/\W+/g, '-')}.json`);
  mkdirSync(inCache('vitest'), { recursive: true });
  rmSync(report, { force: true });
  const result = await run(node, [
    inRoot('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...files,
  ]);
  if (!existsSync(report))
    return { tally: runnerTally(failed(`${what}: left no report`), result, what), again: [] };
  const json = readFileSync(report, 'utf8');
  const tests = parseVitest(json);
  // An exit code that the failures do not explain (an unhandled error, say) is nothing to try again.
  const again = tests.failed > 0 && result.code === 1 ? assertionFailures(json) : [];
  return { tally: runnerTally(tests, result, what), again };
}
