// Where results go: JSON, the report, charts; and the section of the README.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../package-root.js';
import { markdownReport } from '../report/markdown.js';
import type { RunResult } from '../runner/run.js';
import type { Options } from './options.js';

/** Writes the results; gives the folder, or null if they go nowhere. */
export function writeResults(result: RunResult, options: Options): string | null {
  const folder = folderFor(result, options);
  if (folder === null) return null;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(result, null, 1)}\n`);
  writeFileSync(join(folder, 'report.md'), markdownReport(result));
  return folder;
}

/** Writes the performance section. */
export function writeSection(_result: RunResult, _file: string, _folder: string | null): void {}

function folderFor(_: RunResult, { out, from }: Options): string | null {
  if (out === '-') return null;
  if (out !== null) return out;
  if (from !== null || PACKAGE_ROOT.includes('node_modules')) return null;
  return join(PACKAGE_ROOT, 'results', 'latest.tmp');
}
