// The semantics tables of the README, as data. What the cells mean is in node.ts and python.ts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The states that a table has columns for, in its order. */
export const STATES = [
  'open',
  'full',
  'empty',
  'closed',
  'poisoned',
  'peer gone',
  'aborted',
  'timed out',
] as const;

export type State = (typeof STATES)[number];

/** One cell of a table. */
export interface Cell {
  readonly operation: string;
  readonly state: State;
  /** What the README says will happen. */
  readonly says: string;
}

/** The cells of the table below a heading of the README; those that say nothing (`–`) are left out. */
export function cellsOf(heading: string): Cell[] {
  const text = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const section = text.split(`### ${heading}\n`)[1]?.split(/\n#/)[0];
  if (section === undefined) throw new Error(`The README has no section ${heading}`);
  const [head, , ...rows] = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(splitRow);
  if (head?.slice(1).join() !== STATES.join())
    throw new Error(`The table of ${heading} has other columns: ${head?.join()}`);
  return rows.flatMap(([operation = '', ...says]) => {
    if (says.length !== STATES.length)
      throw new Error(`The row ${operation} has ${says.length} cells`);
    return STATES.map((state, index) => ({ operation, state, says: says[index] ?? '' }));
  });
}

function splitRow(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''));
}
