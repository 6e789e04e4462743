// Which charts a run gives: one for each suite, and the overview that the README shows.

import { type CaseResult, REFERENCE } from '../method/model.js';
import { geometricMean } from '../method/statistics.js';
import type { RunResult } from '../runner/run.js';
import { entryName, ranked } from './case-table.js';
import { formatRatio, formatValue } from './format.js';
import { type Bar, type Chart, type Group, renderChart } from './svg.js';

/** Contenders that show the limit rather than compete. */
const LIMITS: ReadonlySet<string> = new Set(['crossbeam', 'go', 'go-threads', 'node']);

/** Cases of the overview, if they were run. */
const OVERVIEW: readonly string[] = [
  'calls/sync-small',
  'calls/async-64',
  'data/to-floats-100k',
  'channels/int-64',
  'channels/round-trip',
  'parallel/equal-2',
  'startup/extra',
  'startup/extra-memory',
];

/** Charts by file name. */
export function chartsOf(run: RunResult): ReadonlyMap<string, string> {
  const charts = new Map<string, string>();
  const footer = footerOf(run);
  for (const suite of run.suites) {
    const groups = suite.cases.flatMap(groupOf);
    if (groups.length > 0)
      charts.set(`${suite.id}.svg`, renderChart({ title: suite.title, groups, footer }));
  }
  const overview = overviewOf(run);
  if (overview.groups.length > 0) charts.set('overview.svg', renderChart(overview));
  return charts;
}

function overviewOf(run: RunResult): Chart {
  const groups = OVERVIEW.flatMap((path) => {
    const [suiteId, caseId] = path.split('/');
    const found = run.suites
      .find(({ id }) => id === suiteId)
      ?.cases.find(({ id }) => id === caseId);
    return found === undefined ? [] : groupOf(found);
  });
  return {
    title: 'Multicore Python beside its peers',
    groups: [...groups, ...singleThread(run)],
    footer: footerOf(run),
  };
}

function footerOf({ machine, startedAt }: RunResult): string {
  return `${machine.processor}, ${machine.cores} cores · Node ${machine.node} · Python ${machine.python} · ${startedAt.slice(0, 10)} · medians, lines: half of the rounds`;
}

/** The bars of a case, best first; nothing if there is nobody to compare with. */
function groupOf(result: CaseResult): Group[] {
  if (result.entries.length < 2) return [];
  const bars = ranked(result).map((entry): Bar => {
    const { median, q1, q3 } = entry.summary;
    return {
      label: shortened(entryName(entry)),
      value: median,
      range: [q1, q3],
      text: formatValue(median, result.unit),
      own: entry.contender === REFERENCE,
      limit: LIMITS.has(entry.contender),
    };
  });
  const hint = result.better === 'lower' ? 'shorter is better' : 'longer is better';
  return [{ title: result.title, hint, bars }];
}

const LABEL_MAX = 40;

function shortened(label: string): string {
  return label.length > LABEL_MAX ? `${label.slice(0, LABEL_MAX - 1)}…` : label;
}

/** One bar per side for the whole suite of single-threaded programs: speed against the executable. */
function singleThread(run: RunResult): Group[] {
  const suite = run.suites.find(({ id }) => id === 'single');
  const speed = singleThreadSpeed(suite?.cases ?? []);
  if (speed === null) return [];
  return [
    {
      title: 'single-threaded speed, geometric mean',
      hint: 'longer is better',
      bars: [
        { label: 'Python executable', value: 1, text: formatRatio(1), own: false },
        { label: 'Multicore Python', value: speed, text: formatRatio(speed), own: true },
      ],
    },
  ];
}

/** How fast an own-GIL interpreter is against the executable; null if that was not measured. */
export function singleThreadSpeed(cases: readonly CaseResult[]): number | null {
  const ratios = cases.flatMap(({ entries }) => {
    const ratio = entries.find(({ contender }) => contender === 'python')?.ratio;
    return ratio === null || ratio === undefined ? [] : [ratio.median];
  });
  return ratios.length === 0 ? null : geometricMean(ratios);
}
