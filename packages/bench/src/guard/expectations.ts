// The stored instruction counts, and the comparison with new ones.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../package-root.js';

/** Instructions by workload. */
export type Counts = Readonly<Record<string, number>>;

/** How a workload stands. */
export interface Verdict {
  readonly workload: string;
  readonly expected: number | null;
  readonly counted: number;
  readonly kind: 'within' | 'more' | 'fewer' | 'new';
}

/** What is counted, in the order of the report. */
export const WORKLOADS: readonly string[] = [
  'sync-call',
  'sync-exception',
  'list-of-floats',
  'strings',
  'channel-in-node',
];

// Counts of one binary differ by a few thousandths, of a list that makes the garbage collector run by
// three hundredths.
const TOLERANCE = 0.06;

const FILE = join(PACKAGE_ROOT, 'data', 'instructions.json');

/** Counts hold for one processor architecture, one Node and one CPython. */
export function keyOf(pythonVersion: string): string {
  return `${process.platform}-${process.arch} node ${process.versions.node} python ${pythonVersion}`;
}

/** The stored counts for a key; null if there are none. */
export function storedCounts(key: string, file: string = FILE): Counts | null {
  return readAll(file)[key] ?? null;
}

/** Stores counts for a key. */
export function storeCounts(key: string, counts: Counts, file: string = FILE): void {
  const all = { ...readAll(file), [key]: counts };
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}

/** Compares counts with what is stored. */
export function compareCounts(expected: Counts, counted: Counts): Verdict[] {
  return Object.entries(counted).map(([workload, count]) => {
    const stored = expected[workload];
    if (stored === undefined) return { workload, expected: null, counted: count, kind: 'new' };
    const change = count / stored - 1;
    const kind = change > TOLERANCE ? 'more' : change < -TOLERANCE ? 'fewer' : 'within';
    return { workload, expected: stored, counted: count, kind };
  });
}

function readAll(file: string): Readonly<Record<string, Counts>> {
  if (!existsSync(file)) return {};
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Counts>>;
}
