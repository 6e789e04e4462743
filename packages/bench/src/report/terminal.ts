// A finished case, and a finished run, as text for a terminal.

import type { CaseResult, Skip } from '../method/model.js';
import type { RunResult } from '../runner/run.js';
import { caseTable, coresText, cutText } from './case-table.js';
import { pythonText } from './format.js';
import { leftOutLines } from './left-out.js';
import { terminalTable } from './table.js';

/** One case: its title, its table, who did not take part and why. */
export function terminalCase(suite: string, result: CaseResult): string {
  const lines = [`${suite}/${result.id}: ${result.title}`];
  if (result.entries.length > 0) lines.push(terminalTable(caseTable(result)));
  for (const { what, reason } of result.skipped) lines.push(`  skipped ${what}: ${reason}`);
  const { rounds, of } = result.disturbed;
  if (rounds > 0) lines.push(`  disturbed by other load: ${rounds} of ${of} samples`);
  if (result.cut !== undefined) lines.push(`  ${cutText(result.cut)}`);
  if (result.cores !== undefined) lines.push(`  ${coresText(result.cores)}`);
  if (result.note !== null) lines.push(`  ${result.note}`);
  return `${lines.join('\n')}\n`;
}

/** What the run was about. */
export function terminalMachine({ machine }: Pick<RunResult, 'machine'>): string {
  return [
    `${machine.processor}, ${machine.cores} cores, ${Math.round(machine.memoryBytes / (1 << 30))} GB`,
    `${machine.system}${machine.libc === null ? '' : `, ${machine.libc}`}`,
    `Node ${machine.node}, Python ${pythonText(machine)}, load before the run ${machine.load.join(' ')}`,
  ].join('\n');
}

/** What a run left out, a line for each suite and reason; nothing if nothing was. */
export function terminalLeftOut(leftOut: readonly Skip[]): string {
  return leftOutLines(leftOut)
    .map((line) => `left out, ${line}\n`)
    .join('');
}
