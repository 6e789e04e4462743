// What a package exports, read from its sources: the names, and the members of its interfaces and types.

import { readFile } from 'node:fs/promises';

/** An exported interface or type and its members. */
export interface Shape {
  readonly name: string;
  readonly members: readonly string[];
}

/** The interfaces and object types that `index.ts` exports from files of its own package. */
export async function shapesOf(index: URL): Promise<Shape[]> {
  const shapes: Shape[] = [];
  for (const [, list = '', file = ''] of (await readFile(index, 'utf8')).matchAll(
    /^export type \{([^}]*)\} from '(\.[^']*)\.js';/gms,
  )) {
    const source = await readFile(new URL(`${file}.ts`, index), 'utf8');
    for (const name of list.split(',').map((each) => each.trim())) {
      if (name !== '') shapes.push({ name, members: membersOf(source, name) });
    }
  }
  return shapes;
}

/** `readonly size?: number`, `stats(): Stats`: at the start of a line, as the formatter puts them. */
const MEMBER = /^ +(?:readonly )?(?!Omit\b)(\w+)\??[:(<]/gm;

function membersOf(source: string, name: string): string[] {
  const start = new RegExp(`^export (?:interface|type) ${name}\\b`, 'm').exec(source);
  if (start === null) throw new Error(`${name} is not where index.ts says`);
  const rest = source.slice(start.index);
  const end = /^(?:\}|.*;)$\n(?:\n|(?![\s\S]))/m.exec(rest);
  const body = rest.slice(0, (end?.index ?? rest.length) + (end?.[0].length ?? 0));
  return [...new Set([...body.matchAll(MEMBER)].map(([, member = '']) => member))];
}
