// The table of one case: who, how much, how many times.

import { type CaseResult, type CoresUsed, type EntryResult, REFERENCE } from '../method/model.js';
import { relativeSpread } from '../method/statistics.js';
import { formatRatio, formatSpread, formatValue } from './format.js';
import type { Table } from './table.js';

/** The entries with the best first. */
export function ranked({ entries, better }: CaseResult): readonly EntryResult[] {
  const sign = better === 'lower' ? 1 : -1;
  return [...entries].sort((a, b) => sign * (a.summary.median - b.summary.median));
}

/** What an entry is called. */
export function entryName({ label, variant }: EntryResult): string {
  return variant === null ? label : `${label} (${variant})`;
}

/** Median, spread, ratio, processor time and memory of every side. */
export function caseTable(result: CaseResult): Table {
  const { unit, measure } = result;
  const perOperation = measure !== 'memory' && measure !== 'resident';
  return {
    head: ['', 'median', 'spread', 'Multicore is', 'CPU', 'memory'],
    rows: ranked(result).map((entry) => [
      entryName(entry),
      formatValue(entry.summary.median, unit),
      formatSpread(relativeSpread(entry.summary)),
      ratioText(entry),
      perOperation && entry.cpuSeconds !== null ? formatValue(entry.cpuSeconds, 'seconds') : '',
      entry.memoryBytes === null ? '' : formatValue(entry.memoryBytes, 'bytes'),
    ]),
  };
}

/** That a case took longer than it may. */
export function cutText({ rounds, of }: NonNullable<CaseResult['cut']>): string {
  return `stopped after ${rounds} of ${of} rounds: the time of this case was used up`;
}

/** Where the rounds of a case ran. */
export function coresText(cores: CoresUsed): string {
  return 'inTurn' in cores
    ? `Each round ran on one core, the same for all sides: ${cores.inTurn.join(', ')} in turn.`
    : `Rounds ran on whichever core the system chose, not on each in turn: ${cores.notInTurn}.`;
}

/** `4.2× better`, `1.3× behind`, or that there is nothing between them. */
export function ratioText({ contender, ratio }: EntryResult): string {
  // Another form of ours is no opponent.
  if (contender === REFERENCE) return '';
  if (ratio === null) return '–';
  const { median } = ratio;
  if (median >= 0.97 && median <= 1.03) return 'even';
  return median > 1 ? `${formatRatio(median)} ahead` : `${formatRatio(1 / median)} behind`;
}
