// Where results go: JSON, the report, charts; and the section of the README.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { chartsOf } from '../report/charts.js';
import { markdownReport } from '../report/markdown.js';
import { performanceSection, withSection } from '../report/section.js';
import type { RunResult } from '../runner/run.js';
import type { Options } from './options.js';

/** Writes the results; gives the folder, or null if they go nowhere. */
export function writeResults(result: RunResult, options: Options): string | null {
  const folder = folderFor(options);
  if (folder === null) return null;
  mkdirSync(folder, { recursive: true });
  const charts = chartsOf(result);
  for (const [name, svg] of charts) writeFileSync(join(folder, name), svg);
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(result)}\n`);
  writeFileSync(
    join(folder, 'report.md'),
    markdownReport(result, (suite) => (charts.has(`${suite}.svg`) ? `${suite}.svg` : null)),
  );
  return folder;
}

const METHOD_URL =
  'https://github.com/multicore-python/multicore-python/blob/main/docs/benchmarks.md';

/** Writes the performance section of a file, with links to the results in `folder`. */
export function writeSection(result: RunResult, file: string, folder: string | null): void {
  const to = (path: string): string =>
    relative(dirname(resolve(file)), resolve(path))
      .split(sep)
      .join('/');
  const link = (name: string): string | null =>
    folder !== null && existsSync(join(folder, name)) ? to(join(folder, name)) : null;
  const method = join(dirname(resolve(file)), 'docs', 'benchmarks.md');
  const section = performanceSection(result, {
    chart: link('overview.svg'),
    report: link('report.md'),
    method: existsSync(method) ? to(method) : METHOD_URL,
  });
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  writeFileSync(file, withSection(before, section));
}

/** A run of everything replaces the committed results only when asked to: `--out`. */
function folderFor({ out, from }: Options): string | null {
  if (out === '-') return null;
  if (out !== null) return out;
  if (from !== null) return dirname(from);
  return process.env['MULTICORE_BENCH_OUT'] || 'bench-results';
}
