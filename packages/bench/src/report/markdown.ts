// A finished run as Markdown: the full report that stands beside its JSON.

import type { CaseResult } from '../method/model.js';
import type { RunResult } from '../runner/run.js';
import { caseTable, coresText, cutText } from './case-table.js';
import { pythonText } from './format.js';
import { leftOutLines } from './left-out.js';
import { markdownTable } from './table.js';

/** The whole report. `charts` gives the path of a suite's chart, if there is one. */
export function markdownReport(
  run: RunResult,
  chart: (suite: string) => string | null = () => null,
): string {
  const { machine } = run;
  const parts = [
    '# Benchmark results',
    [
      `Multicore Python ${run.version}, ${run.startedAt.slice(0, 10)}${run.quick ? ', a quick run' : ''}, ${run.seconds} s.`,
      `${machine.processor}, ${machine.cores} cores, ${Math.round(machine.memoryBytes / (1 << 30))} GB; ${machine.system}; Node ${machine.node}, Python ${pythonText(machine)}.`,
      `Load before the run: ${machine.load.join(', ')}.`,
    ].join('\n'),
    'Median of interleaved rounds; spread is half the interquartile range; the ratio is the median of the ratios of each round. [How it is measured](../../../docs/benchmarks.md).',
  ];
  for (const suite of run.suites) {
    parts.push(`## ${suite.title}`, suite.about);
    const image = chart(suite.id);
    if (image !== null) parts.push(`![${suite.title}](${image})`);
    for (const result of suite.cases) parts.push(...markdownCase(result));
  }
  if (run.skipped.length > 0) {
    parts.push(
      '## Not here',
      run.skipped.map(({ what, reason }) => `- ${what}: ${reason}`).join('\n'),
    );
  }
  if (run.leftOut.length > 0) {
    parts.push(
      '## Left out',
      leftOutLines(run.leftOut)
        .map((line) => `- ${line}`)
        .join('\n'),
    );
  }
  return `${parts.join('\n\n')}\n`;
}

function markdownCase(result: CaseResult): string[] {
  const { rounds, of } = result.disturbed;
  const remarks = [
    ...(result.note === null ? [] : [result.note]),
    ...(rounds > 0 ? [`Other load disturbed ${rounds} of ${of} samples.`] : []),
    ...(result.cut === undefined ? [] : [`Measuring ${cutText(result.cut)}.`]),
    ...(result.cores === undefined ? [] : [coresText(result.cores)]),
    ...result.skipped.map(({ what, reason }) => `Not here: ${what} (${reason}).`),
  ];
  return [
    `### ${result.title}`,
    ...(result.entries.length > 0 ? [markdownTable(caseTable(result))] : []),
    ...(remarks.length > 0 ? [remarks.join('\n')] : []),
  ];
}
