import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { inCache, inRoot } from '../lib/paths.mjs';
import { run } from '../lib/process.mjs';
import { failed, runnerTally, sum } from '../lib/tally.mjs';
import { parseVitest } from '../lib/vitest-results.mjs';

export const vitest = {
  name: 'vitest',
  title: 'Tests of the packages (vitest)',
  needs: ['build'],
  run: () => runVitest(process.execPath, 'vitest'),
};

/**
 * All vitest projects under the given Node.
 * @param {string} node
 * @param {string} what
 */
export async function runVitest(node, what) {
  const report = inCache('vitest', `${what.replaceAll(/\W+/g, '-')}.json`);
  mkdirSync(inCache('vitest'), { recursive: true });
  rmSync(report, { force: true });
  const result = await run(node, [
    inRoot('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const tests = existsSync(report)
    ? parseVitest(readFileSync(report, 'utf8'))
    : failed(`${what}: left no report`);
  return runnerTally(sum([tests]), result, what);
}
