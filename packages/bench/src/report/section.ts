// The performance section of the README, made from a run and written between two markers.

import { type CaseResult, REFERENCE, type SuiteResult } from '../method/model.js';
import type { RunResult } from '../runner/run.js';
import { SUITES } from '../suites/index.js';
import { entryName, ranked, ratioText } from './case-table.js';
import { singleThreadSpeed } from './charts.js';
import { formatValue } from './format.js';
import { markdownTable } from './table.js';

/** Around the section. */
export const MARKERS = {
  start: '<!-- bench:start (written by npm run bench -- --readme) -->',
  end: '<!-- bench:end -->',
} as const;

/** Contenders that are no peers: nobody would use them in our place. */
const LIMITS: ReadonlySet<string> = new Set(['crossbeam', 'go', 'go-threads', 'node', 'python']);

/** The section: one line for each case, ours beside the best peer. `chart` and `report` are paths. */
export function performanceSection(
  run: RunResult,
  links: {
    readonly chart: string | null;
    readonly report: string | null;
    /** The page that says how it is measured. */
    readonly method: string;
  },
): string {
  const { machine } = run;
  const rows = run.suites.flatMap((suite) =>
    suite.id === 'single'
      ? singleRow(suite)
      : suite.cases.flatMap((each) => (isHeadline(suite, each) ? rowOf(each) : [])),
  );
  const parts = [
    [
      `Written by \`npm run bench -- --readme\` from a run on ${run.startedAt.slice(0, 10)}: ${machine.processor}, ${machine.cores} cores,`,
      `Node ${machine.node}, Python ${machine.python}. Medians of interleaved rounds; the last column is the median of the ratios of each round.`,
    ].join('\n'),
    ...(links.chart === null ? [] : [`![Multicore Python beside its peers](${links.chart})`]),
    markdownTable({ head: ['', 'Multicore Python', 'best peer', 'Multicore is'], rows }),
    [
      ...(links.report === null
        ? []
        : [`Every peer, its spread, processor time and memory: [full report](${links.report}).`]),
      `How it is measured: [docs/benchmarks.md](${links.method}).`,
      'Repeat it: `npm run bench`, or these cases alone in under two minutes: `npm run bench -- --quick`.',
    ].join(' '),
  ];
  return parts.join('\n\n');
}

/** Replaces what is between the markers; a file without them gets the section at its end. */
export function withSection(text: string, section: string): string {
  const start = text.indexOf('<!-- bench:start');
  const end = text.indexOf(MARKERS.end);
  const block = `${MARKERS.start}\n\n${section}\n\n${MARKERS.end}`;
  if (start < 0 || end < start)
    return `${text.trimEnd()}\n\n## Performance\n\n${block}\n`.trimStart();
  return text.slice(0, start) + block + text.slice(end + MARKERS.end.length);
}

/** The README shows what `--quick` runs; the report shows all. */
function isHeadline({ id }: SuiteResult, theCase: CaseResult): boolean {
  const suite = SUITES.find((each) => each.id === id);
  return suite?.cases.find((each) => each.id === theCase.id)?.headline === true;
}

function rowOf(result: CaseResult): string[][] {
  const order = ranked(result);
  // The form that ratios are against: the simplest one, not our fastest.
  const ours = order.find(({ contender, ratio }) => contender === REFERENCE && ratio === null);
  const best = order.find(
    ({ contender, ratio }) => contender !== REFERENCE && !LIMITS.has(contender) && ratio !== null,
  );
  if (ours === undefined || best === undefined) return [];
  return [
    [
      result.title,
      formatValue(ours.summary.median, result.unit),
      `${entryName(best)} ${formatValue(best.summary.median, result.unit)}`,
      ratioText(best),
    ],
  ];
}

function singleRow(suite: SuiteResult): string[][] {
  const speed = singleThreadSpeed(suite.cases);
  if (speed === null) return [];
  return [
    [
      'single-threaded programs, geometric mean of speed',
      `${(speed * 100).toFixed(0)} %`,
      'Python executable 100 %',
      '',
    ],
  ];
}
