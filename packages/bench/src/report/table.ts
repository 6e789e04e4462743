// Tables of text, for the terminal and as Markdown. Knows nothing about benchmarks.

/** A table: the first column is text, the others are numbers and stand to the right. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function widths({ head, rows }: Table): number[] {
  return head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map((cell) => [...cell].length)),
  );
}

function pad(cell: string, width: number, right: boolean): string {
  const fill = ' '.repeat(Math.max(0, width - [...cell].length));
  return right ? fill + cell : cell + fill;
}

/** Aligned columns, indented by two spaces. */
export function terminalTable(table: Table): string {
  const wide = widths(table);
  const line = (cells: readonly string[]): string =>
    `  ${wide.map((width, column) => pad(cells[column] ?? '', width, column > 0)).join('   ')}`.trimEnd();
  return [line(table.head), ...table.rows.map(line)].join('\n');
}

/** A Markdown table, aligned in the source too. */
export function markdownTable(table: Table): string {
  const safe: Table = {
    head: table.head.map(escapeCell),
    rows: table.rows.map((row) => row.map(escapeCell)),
  };
  const wide = widths(safe).map((width) => Math.max(width, 3));
  const line = (cells: readonly string[]): string =>
    `| ${wide.map((width, column) => pad(cells[column] ?? '', width, column > 0)).join(' | ')} |`;
  const rule = `|${wide.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(safe.head), rule, ...safe.rows.map(line)].join('\n');
}

function escapeCell(cell: string): string {
  return cell.replaceAll('|', String.raw`\|`);
}
