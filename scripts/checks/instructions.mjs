import { inRoot } from '../lib/paths.mjs';
import { run } from '../lib/process.mjs';
import { failed, passed, skipped } from '../lib/tally.mjs';

/** The regression guard of docs/benchmarks.md; that of allocations is among the tests of the Rust core. */
export const instructions = {
  name: 'instructions',
  title: 'Instructions per operation, against stored counts',
  needs: ['build'],
  async run() {
    const bench = inRoot('packages', 'bench', 'bin', 'multicore-python-bench.js');
    const result = await run(process.execPath, [bench, 'guard'], { timeoutSeconds: 600 });
    const missing = /^skipped: (.+)$/m.exec(result.stdout)?.[1];
    if (missing !== undefined) return skipped(`instruction counts: ${missing}`);
    const verdicts = result.stdout
      .split('\n')
      .map((line) => /^ {2}(\S+) +(?:\d+ +){1,2}/.exec(line));
    const counted = verdicts.filter((verdict) => verdict !== null).length;
    return result.code === 0 && counted > 0
      ? passed(counted)
      : failed(`instruction counts (exit code ${result.code}): npm run bench -- guard`);
  },
};
