// What the demo prints at the end. Nothing is measured here.

import type { Comparison } from './compare.js';
import { DISTURBING } from './others.js';
import { table } from './table.js';

/** The report for people. */
export function report(comparison: Comparison): string {
  const { summary, workers } = comparison;
  return [
    'The most complex functions',
    table(
      ['complexity', 'lines', 'function', 'where'],
      summary.mostComplex.map(({ complexity, length, name, path, line }) => [
        complexity,
        length,
        name,
        `${path}:${line}`,
      ]),
    ),
    '',
    totals(comparison),
    ...problems(comparison),
    '',
    `Speed, from the first file to the last result, with ${workers} ${workers === 1 ? 'worker' : 'workers'} on ${comparison.cores} cores`,
    table(
      ['run', 'seconds', 'files/s', 'speed-up'],
      comparison.runs.map(({ label, seconds, speedUp, over }) => [
        label,
        seconds.toFixed(2),
        Math.round(summary.files / seconds),
        speedUp === null ? '' : `${speedUp.toFixed(2)} × ${over}`,
      ]),
    ),
    '',
    `Our speed-up over one interpreter is ${comparison.speedUp.toFixed(2)}, ProcessPoolExecutor's over stock Python ` +
      `${comparison.poolSpeedUp.toFixed(2)}: ${comparison.ratio.toFixed(2)} of it.`,
    ...disturbance(comparison),
    comparison.disagreements.length === 0
      ? `All ${comparison.runs.length} runs agree on every total.`
      : `The runs DISAGREE:\n  ${comparison.disagreements.join('\n  ')}`,
  ].join('\n');
}

function disturbance({ otherCores }: Comparison): string[] {
  if (otherCores <= DISTURBING) return [];
  return [
    `Do not believe these times: other programs used ${otherCores.toFixed(1)} cores meanwhile. Run it again when they have ended.`,
  ];
}

function totals({ summary }: Comparison): string {
  const { files, lines, functions, classes, complexity, longest } = summary;
  const mean = functions === 0 ? 0 : complexity / functions;
  const figures = `${files} files, ${lines} lines, ${functions} functions, ${classes} classes, mean complexity ${mean.toFixed(2)}`;
  const place =
    longest === null
      ? ''
      : `\nLongest function: ${longest.name}, ${longest.length} lines, ${longest.path}:${longest.line}`;
  return figures + place;
}

function problems({ summary }: Comparison): string[] {
  if (summary.problems.length === 0) return [];
  return [
    `Do not parse: ${summary.problems.length}`,
    ...summary.problems.map(({ path, problem }) => `  ${path}: ${problem}`),
  ];
}
