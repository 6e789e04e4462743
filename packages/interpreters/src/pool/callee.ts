// What a task calls: a function by its path, or a source in place of one. What the source means when it
// is called is decided by `multicore._source`.

import type { CallOptions } from '../options.js';
import { PythonSource } from '../source.js';

/** A function by its path, `module:function`, or a source of the `python` tag in place of one. */
export type Callee = string | PythonSource;

/** What the path of a source begins with, and that of one with values; the text follows. */
const ALONE = '<python>\n';
const WITH_VALUES = '<python with values>\n';
/** The keyword argument with the number of a source that has values; their names begin with it. */
const NUMBER = '_js';
const NAME_LENGTH_MAX = 60;

let count = 0;
const numbers = new WeakMap<PythonSource, number>();

/** The path by which an interpreter finds it. */
export function pathOf(callee: Callee): string {
  if (!(callee instanceof PythonSource)) return callee;
  return (hasValues(callee) ? WITH_VALUES : ALONE) + callee.text;
}

/** Options for calling it: a source's values travel as keyword arguments. */
export function optionsOf<O extends CallOptions>(
  callee: Callee,
  options: O | undefined,
): O | undefined {
  if (!(callee instanceof PythonSource) || !hasValues(callee)) return options;
  const kwargs = { ...options?.kwargs, ...callee.bindings, [NUMBER]: numberOf(callee) };
  return { ...(options as O), kwargs };
}

/** A path as people are told of it: a source by its first line. */
export function nameOf(path: string): string {
  const mark = [ALONE, WITH_VALUES].find((mark) => path.startsWith(mark));
  if (mark === undefined) return path;
  const [line = ''] = path.slice(mark.length).trim().split('\n');
  const isWhole = line.length <= NAME_LENGTH_MAX;
  return `python\`${isWhole ? line : `${line.slice(0, NAME_LENGTH_MAX)}…`}\``;
}

function hasValues({ bindings }: PythonSource): boolean {
  return Object.keys(bindings).length > 0;
}

/** The same source object has the same values: what it defines is made once in each interpreter. */
function numberOf(source: PythonSource): number {
  const known = numbers.get(source);
  if (known !== undefined) return known;
  count += 1;
  numbers.set(source, count);
  return count;
}
