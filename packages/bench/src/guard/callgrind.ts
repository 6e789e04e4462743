// Counts the instructions that native code spends on one operation, under valgrind's callgrind. Only what
// runs inside of our native functions counts (and what they call: Node-API, CPython): neither the start
// of anything nor V8's own work. The same binary gives the same count within a few thousandths, however
// busy the machine is.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../package-root.js';
import { run } from '../peers/run.js';

// Every call from JavaScript into the core goes through this function.
const ENTRY = '*trampoline::trampoline*';
const FEW = 500;
const MANY = 1500;
const TIMEOUT_MS = 5 * 60_000;

/** Why callgrind cannot run here; null: it can. */
export async function callgrindMissing(): Promise<string | null> {
  const { code } = await run('valgrind', ['--version']);
  return code === 0 ? null : 'valgrind is not installed';
}

/** Instructions of one operation of a workload: the difference between many and few, so that what comes before does not count. */
export async function instructionsOf(workload: string, python: string): Promise<number> {
  const few = await collected(workload, FEW, python);
  const many = await collected(workload, MANY, python);
  return Math.round((many - few) / (MANY - FEW));
}

async function collected(workload: string, n: number, python: string): Promise<number> {
  const { code, output } = await run(
    'valgrind',
    [
      '--tool=callgrind',
      `--callgrind-out-file=${join(tmpdir(), `multicore-guard-${process.pid}-${workload}.out`)}`,
      `--toggle-collect=${ENTRY}`,
      process.execPath,
      // No code made at run time, no helper threads: nothing that depends on when.
      '--jitless',
      '--single-threaded',
      // Room for all that is made: no collection inside of a call, which one run has and another has not.
      '--min-semi-space-size=128',
      '--max-semi-space-size=128',
      join(PACKAGE_ROOT, 'dist', 'guard', 'workload.js'),
      workload,
      String(n),
    ],
    { env: { MULTICORE_PYTHON: python, PYTHONHASHSEED: '0' }, timeoutMs: TIMEOUT_MS },
  );
  const count = /Collected : (\d+)/.exec(output)?.[1];
  if (code !== 0 || count === undefined)
    throw new Error(`callgrind failed for ${workload}: ${output.trim().slice(-500)}`);
  return Number(count);
}
