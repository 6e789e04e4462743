// Takes the indentation of the surrounding TypeScript out of a template. Knows nothing of Python but
// that indentation matters, and that a colon at the end of a line opens a block.

/**
 * Joins the strings of a template with the texts between them, without the indentation that all
 * lines share and without an empty first and last line. Lines of an inserted text are indented as
 * the line that it is inserted in.
 *
 * @example
 * dedent(["\n    if x:\n      ", "\n  "], ["y = 1\nz = 2"]); // "if x:\n  y = 1\n  z = 2"
 */
export function dedent(strings: readonly string[], inserted: readonly string[]): string {
  const margin = commonMargin(strings);
  let text = '';
  for (const [index, string] of strings.entries()) {
    text += cut(string, margin, index === 0);
    const piece = inserted[index];
    if (piece !== undefined)
      text += piece.includes('\n') ? piece.replaceAll('\n', `\n${indentOfLastLine(text)}`) : piece;
  }
  return text.replace(/^[ \t]*\n/, '').replace(/\n[ \t]*$/, '');
}

/** The longest white space that every line with something in it begins with. */
function commonMargin(strings: readonly string[]): string {
  let margin: string | undefined;
  // An inserted text is something: a line with only white space before it counts.
  const lines = strings.join('\0').split('\n');
  const firstInBlock = BLOCK_OPENER.test(lines[0] ?? '')
    ? lines.slice(1).find((line) => line.trim() !== '')
    : undefined;
  for (const [index, line] of lines.entries()) {
    // The first line starts behind the backtick and has no indentation of its own, unless it is all there is.
    if (line.trim() === '' || (index === 0 && lines.length > 1)) continue;
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    margin = margin === undefined ? indent : shared(margin, indent);
  }
  // A block opened behind the backtick keeps its indentation when all that follows is in it.
  const isAllBlock = firstInBlock !== undefined && /^[ \t]*/.exec(firstInBlock)?.[0] === margin;
  return isAllBlock ? '' : (margin ?? '');
}

const BLOCK_OPENER = /:[ \t]*(?:#.*)?$/;

function shared(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}

function cut(text: string, margin: string, isFirst: boolean): string {
  if (margin === '') return text;
  const rest = text.replaceAll(`\n${margin}`, '\n');
  return isFirst && rest.startsWith(margin) ? rest.slice(margin.length) : rest;
}

function indentOfLastLine(text: string): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n') + 1))?.[0] ?? '';
}
