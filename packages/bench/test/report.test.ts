import { describe, expect, it } from 'vitest';
import type { CaseResult, EntryResult } from '../src/method/model.js';
import { summarize } from '../src/method/statistics.js';
import { caseTable } from '../src/report/case-table.js';
import { chartsOf } from '../src/report/charts.js';
import { formatRatio, formatValue } from '../src/report/format.js';
import { markdownReport } from '../src/report/markdown.js';
import { MARKERS, performanceSection, withSection } from '../src/report/section.js';
import { renderChart } from '../src/report/svg.js';
import { markdownTable, terminalTable } from '../src/report/table.js';
import { terminalCase, terminalLeftOut, terminalMachine } from '../src/report/terminal.js';
import type { RunResult } from '../src/runner/run.js';

function entry(contender: string, label: string, value: number, ratio?: number): EntryResult {
  return {
    contender,
    label,
    version: '1.0.0',
    variant: null,
    operations: 1,
    samples: [{ round: 0, value, disturbed: false }],
    summary: summarize([value * 0.9, value, value * 1.1]),
    cpuSeconds: null,
    memoryBytes: null,
    ratio: ratio === undefined ? null : summarize([ratio]),
  };
}

const CASE: CaseResult = {
  id: 'sync-small',
  title: 'synchronous call <tiny>',
  note: null,
  measure: 'time',
  unit: 'seconds',
  better: 'lower',
  entries: [
    entry('multicore', 'Multicore Python', 6e-7),
    entry('pymport', 'pymport', 1.2e-6, 2),
    entry('pyodide', 'pyodide', 3e-7, 0.5),
    entry('crossbeam', 'crossbeam', 1e-8, 0.02),
  ],
  skipped: [{ what: 'pythonia', reason: 'no network' }],
  disturbed: { rounds: 1, of: 3 },
  cut: { rounds: 2, of: 5 },
};

const RUN: RunResult = {
  schema: 1,
  version: '0.0.0',
  startedAt: '2026-11-21T04:00:00.000Z',
  seconds: 10,
  quick: true,
  filter: [],
  machine: {
    processor: 'CPU & Co',
    cores: 2,
    memoryBytes: 2 ** 34,
    system: 'Linux',
    libc: null,
    node: '20.20.2',
    python: '3.13.0',
    load: [0.1, 0.2, 0.3],
  },
  suites: [{ id: 'calls', title: 'Calls', about: 'Calls.', cases: [CASE] }],
  skipped: [{ what: 'pythonia', reason: 'no network' }],
  leftOut: [
    { what: 'calls/async-8', reason: 'not in --quick' },
    { what: 'calls/sync-fresh', reason: 'not in --quick' },
    { what: 'csp/ring', reason: 'no time' },
  ],
};

describe('numbers', () => {
  it('have the prefix that suits them', () => {
    expect(formatValue(6.1e-7, 'seconds')).toBe('610 ns');
    expect(formatValue(1.25e-6, 'seconds')).toBe('1.25 µs');
    expect(formatValue(12, 'seconds')).toBe('12.0 s');
    expect(formatValue(5_200_000, 'perSecond')).toBe('5.20 M/s');
    expect(formatValue(2.5 * 2 ** 20, 'bytes')).toBe('2.50 MB');
    expect(formatValue(0, 'bytes')).toBe('0 B');
    expect(formatRatio(12.34)).toBe('12.3×');
  });
});

describe('tables', () => {
  const table = {
    head: ['who', 'time'],
    rows: [
      ['a|b', '1 µs'],
      ['somebody', '10 µs'],
    ],
  };

  it('are aligned in a terminal', () => {
    expect(terminalTable(table)).toBe('  who         time\n  a|b         1 µs\n  somebody   10 µs');
  });

  it('are escaped in Markdown', () => {
    expect(markdownTable(table).split('\n')).toEqual([
      '| who      |  time |',
      '|----------|------:|',
      String.raw`| a\|b     |  1 µs |`,
      '| somebody | 10 µs |',
    ]);
  });

  it('rank the sides and show who is ahead, also when it is not us', () => {
    const rows = caseTable(CASE).rows.map((row) => [row[0], row[3]]);
    expect(rows).toEqual([
      ['crossbeam', '50.0× behind'],
      ['pyodide', '2.00× behind'],
      ['Multicore Python', ''],
      ['pymport', '2.00× ahead'],
    ]);
  });
});

describe('charts', () => {
  it('draw one bar for each value, the longest for the greatest', () => {
    const svg = renderChart({
      title: 'T',
      footer: 'F',
      groups: [
        {
          title: 'G',
          hint: 'longer is better',
          bars: [
            { label: 'us & them', value: 2, text: '2 s', own: true },
            { label: 'peer', value: 4, text: '4 s', own: false, range: [3, 5] },
          ],
        },
      ],
    });
    expect(svg).toContain('us &amp; them');
    const widths = [...svg.matchAll(/class="(?:own|peer)"[^>]*width="([\d.]+)"/g)].map((m) =>
      Number(m[1]),
    );
    expect(widths).toHaveLength(2);
    expect((widths[1] as number) / (widths[0] as number)).toBeCloseTo(2, 1);
    expect(svg).toContain('class="range"');
    expect(svg).not.toContain('logarithmic');
  });

  it('say when a scale is logarithmic', () => {
    const svg = chartsOf(RUN).get('calls.svg');
    expect(svg).toContain('logarithmic');
    expect(svg).toContain('synchronous call &lt;tiny&gt;');
    expect(svg).toContain('CPU &amp; Co');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('the report', () => {
  it('says what did not run and why, and what was disturbed', () => {
    const report = markdownReport(RUN);
    expect(report).toContain('Not here: pythonia (no network).');
    expect(report).toContain('Other load disturbed 1 of 3 samples.');
  });

  it('says which Python it was, and older results their version alone', () => {
    const machine = { ...RUN.machine, pythonEnvironment: 'as given' };
    for (const text of [markdownReport({ ...RUN, machine }), terminalMachine({ machine })])
      expect(text).toContain('Python 3.13.0 (as given)');
    for (const text of [markdownReport(RUN), terminalMachine(RUN)])
      expect(text).toMatch(/Python 3\.13\.0[.,]/);
  });

  it('says where rounds ran, and why not on cores in turn', () => {
    const inTurn: CaseResult = { ...CASE, cores: { inTurn: [0, 3] } };
    const not: CaseResult = { ...CASE, cores: { notInTurn: 'no taskset' } };
    const texts = (result: CaseResult): string[] => [
      markdownReport({ ...RUN, suites: [{ id: 'a', title: 'A', about: '', cases: [result] }] }),
      terminalCase('a', result),
    ];
    for (const text of texts(inTurn))
      expect(text).toContain('the same for all sides: 0, 3 in turn.');
    for (const text of texts(not)) expect(text).toContain('not on each in turn: no taskset.');
    for (const text of texts(CASE)) expect(text).not.toContain('in turn');
  });

  it('names what was left out and what was cut short, in a file and in a terminal', () => {
    const report = markdownReport(RUN);
    expect(report).toContain(
      '## Left out\n\n- not in --quick: calls: async-8, sync-fresh\n- no time: csp: ring\n',
    );
    expect(report).toContain('stopped after 2 of 5 rounds');
    expect(terminalCase('calls', CASE)).toContain('stopped after 2 of 5 rounds');
    expect(terminalLeftOut(RUN.leftOut)).toBe(
      'left out, not in --quick: calls: async-8, sync-fresh\nleft out, no time: csp: ring\n',
    );
    expect(markdownReport({ ...RUN, leftOut: [] })).not.toContain('Left out');
  });
});

describe('the section of the README', () => {
  const section = performanceSection(RUN, {
    chart: 'overview.svg',
    report: null,
    method: 'docs/benchmarks.md',
  });

  it('shows the best peer, not a limit, and where it wins', () => {
    expect(section).toContain('pyodide 300 ns');
    expect(section).toContain('2.00× behind');
    expect(section).not.toContain('crossbeam');
  });

  it('replaces what is between the markers and nothing else', () => {
    const before = `# Title\n\n${MARKERS.start}\nold\n${MARKERS.end}\n\n## Next\n`;
    const after = withSection(before, section);
    expect(after.startsWith('# Title\n\n')).toBe(true);
    expect(after.endsWith(`${MARKERS.end}\n\n## Next\n`)).toBe(true);
    expect(after).not.toContain('\nold\n');
    expect(withSection(after, section)).toBe(after);
  });

  it('is put at the end of a file without markers', () => {
    expect(withSection('# Title\n', section)).toContain(
      `# Title\n\n## Performance\n\n${MARKERS.start}`,
    );
  });
});
