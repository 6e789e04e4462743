// `multicore-python-bench guard`: fails if an operation takes more instructions than stored.

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { terminalTable } from '../report/table.js';
import { installedPython } from '../runner/python.js';
import { callgrindMissing, instructionsOf } from './callgrind.js';
import {
  type Counts,
  compareCounts,
  keyOf,
  storeCounts,
  storedCounts,
  type Verdict,
  WORKLOADS,
} from './expectations.js';

const WORDS = {
  within: 'as stored',
  more: 'MORE than stored',
  fewer: 'fewer than stored: --update keeps it so',
  new: 'not stored yet',
} as const;

/** Runs the guard; gives the exit code. */
export async function guard(args: readonly string[]): Promise<number> {
  const { update, file } = parseArgs({
    args: [...args],
    options: { update: { type: 'boolean', default: false }, file: { type: 'string' } },
  }).values;
  const missing = await callgrindMissing();
  if (missing !== null) return skipped(missing);
  const python = installedPython(null);
  const key = keyOf(python.version);
  const expected = storedCounts(key, file);
  if (expected === null && !update)
    return skipped(`no counts are stored for ${key}; store them with --update`);

  const counts = await countAll(python.executable);
  const verdicts = compareCounts(expected ?? {}, counts);
  process.stdout.write(`${key}\n${table(verdicts)}\n`);
  if (update) return stored(key, counts, file);
  return verdicts.some(({ kind }) => kind === 'more') ? 1 : 0;
}

/** Several at a time: a count does not depend on what else runs. */
async function countAll(python: string): Promise<Counts> {
  const counts = new Map<string, number>();
  const waiting = [...WORKLOADS];
  const countOneByOne = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      process.stderr.write(`counting ${next}\n`);
      counts.set(next, await instructionsOf(next, python));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, countOneByOne));
  return Object.fromEntries(WORKLOADS.map((workload) => [workload, counts.get(workload) ?? 0]));
}

function table(verdicts: readonly Verdict[]): string {
  return terminalTable({
    head: ['instructions per operation', 'stored', 'counted', 'change', ''],
    rows: verdicts.map(({ workload, expected, counted, kind }) => [
      workload,
      expected === null ? '' : String(expected),
      String(counted),
      expected === null ? '' : `${((counted / expected - 1) * 100).toFixed(1)} %`,
      WORDS[kind],
    ]),
  });
}

function stored(key: string, counts: Counts, file: string | undefined): number {
  storeCounts(key, counts, file);
  process.stdout.write('Stored.\n');
  return 0;
}

function skipped(reason: string): number {
  process.stdout.write(`skipped: ${reason}\n`);
  return 0;
}
