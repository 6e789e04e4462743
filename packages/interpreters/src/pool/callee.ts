// What a task calls: a function by its path, or a source in place of one. What the source means when it
// is called is decided by `multicore._source`.

import type { CallOptions } from '../options.js';
import { PythonSource } from '../source.js';

/** A function by its path, `module:function`, or a source of the `python` tag in place of one. */
export type Callee = string | PythonSource;

/** What a source's path begins with; the text follows. */
const MARK = '<python>\n';
/** The keyword argument with the number of a source that has values; their names begin with it. */
const NUMBER = '_js';
const NAME_LENGTH_MAX = 60;

let count = 0;
const numbers = new WeakMap<PythonSource, number>();

/** The path by which an interpreter finds it. */
export function pathOf(callee: Callee): string {
  return callee instanceof PythonSource ? MARK + callee.text : callee;
}

/** Options for calling it: a source's values travel as keyword arguments. */
export function optionsOf<O extends CallOptions>(
  callee: Callee,
  options: O | undefined,
): O | undefined {
  if (!(callee instanceof PythonSource) || Object.keys(callee.bindings).length === 0) {
    return options;
  }
  const kwargs = { ...options?.kwargs, ...callee.bindings, [NUMBER]: numberOf(callee) };
  return { ...(options as O), kwargs };
}

/** A path as people are told of it: a source by its first line. */
export function nameOf(path: string): string {
  if (!path.startsWith(MARK)) return path;
  const [line = ''] = path.slice(MARK.length).trim().split('\n');
  const isWhole = line.length <= NAME_LENGTH_MAX;
  return `python\`${isWhole ? line : `${line.slice(0, NAME_LENGTH_MAX)}…`}\``;
}

/** The same source object has the same values: what it defines is made once in each interpreter. */
function numberOf(source: PythonSource): number {
  const known = numbers.get(source);
  if (known !== undefined) return known;
  count += 1;
  numbers.set(source, count);
  return count;
}
