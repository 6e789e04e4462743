// The long form of the fault injection test: 1,000 runs, or as many as the first argument says.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const [, , runs = '1000', seed = '2024'] = process.argv;
const root = join(import.meta.dirname, '../../../..');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'csp', 'test/faults'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, FAULT_RUNS: runs, FAULT_SEED: seed },
});
process.exitCode = status ?? 1;
