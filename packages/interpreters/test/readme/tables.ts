// Examples out of a README: the rows of its tables, and its blocks of TypeScript.

/** A row of a table with examples. */
export interface Example {
  readonly line: number;
  /** What the row is about. */
  readonly member: string;
  readonly code: string;
  readonly result: string;
}

const EXAMPLE_TABLE = /^\|(.*\|)? *Example *\| *Result *\|$/;

/** The rows of all tables whose last two columns are "Example" and "Result". */
export function examplesOf(markdown: string): Example[] {
  const examples: Example[] = [];
  let isInTable = false;
  for (const [at, line] of markdown.split('\n').entries()) {
    if (EXAMPLE_TABLE.test(line)) isInTable = true;
    else if (!line.startsWith('|')) isInTable = false;
    else if (isInTable && !line.startsWith('|---')) examples.push(exampleOf(line, at + 1));
  }
  return examples;
}

function exampleOf(line: string, number: number): Example {
  const cells = line.slice(1, -1).split(' | ');
  const [result, code, ...member] = cells.toReversed().map((cell) => cell.trim());
  if (result === undefined || code === undefined) throw new Error(`README:${number}: no example`);
  return { line: number, member: member.join(' '), code: codeIn(code), result: codeIn(result) };
}

/** What is between the backticks. */
function codeIn(cell: string): string {
  const fence = /^`+/.exec(cell)?.[0] ?? '';
  return cell.slice(fence.length, cell.length - fence.length);
}

/** The blocks of TypeScript, and the lines on which they begin. */
export function blocksOf(markdown: string): { readonly line: number; readonly code: string }[] {
  return [...markdown.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({
    line: markdown.slice(0, match.index).split('\n').length,
    code: match[1] ?? '',
  }));
}
