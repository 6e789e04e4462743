// Takes the programs out of a Markdown text.

/** A program, and what it prints. */
export interface Program {
  /** The heading it is under, and its number there. */
  readonly title: string;
  readonly place: number;
  readonly source: string;
  readonly output: string | undefined;
}

/** A file that programs need. */
export interface SourceFile {
  readonly path: string;
  readonly source: string;
}

/** Every `ts` block with the `text` block behind it, and every block with a `title`, which is a file. */
export function programsOf(text: string): {
  readonly programs: readonly Program[];
  readonly files: readonly SourceFile[];
} {
  const programs: Program[] = [];
  const files: SourceFile[] = [];
  let heading = '';
  for (const found of text.matchAll(/^#+ (.*)$|^```(\w+)(?: title=(\S+))?\n([\s\S]*?)^```$/gm)) {
    const [, title, language, path, source = ''] = found;
    const last = programs.at(-1);
    if (title !== undefined) heading = title;
    else if (path !== undefined) files.push({ path, source });
    else if (language === 'ts')
      programs.push({
        title: `${heading} (program ${programs.length + 1})`,
        place: programs.length + 1,
        source,
        output: undefined,
      });
    else if (language === 'text' && last !== undefined && last.output === undefined)
      programs[programs.length - 1] = { ...last, output: source };
  }
  return { programs, files };
}
