// Adds the metrics of files up, in any order with the same result. No input or output here.

import type { FileMetrics, FunctionMetrics } from './messages.js';

/** A function and the file it is in. */
export interface Located {
  readonly path: string;
  readonly name: string;
  readonly line: number;
  readonly complexity: number;
  readonly length: number;
}

/** Everything about all files together. */
export interface Summary {
  readonly files: number;
  readonly lines: number;
  readonly functions: number;
  readonly classes: number;
  readonly complexity: number;
  readonly mostComplex: readonly Located[];
  readonly longest: Located | null;
  /** The files that do not parse, and why. */
  readonly problems: readonly { readonly path: string; readonly problem: string }[];
}

const MOST_COMPLEX_MAX = 10;

/** Adds up. */
export function summarize(results: readonly FileMetrics[]): Summary {
  const sum = (pick: (file: FileMetrics) => number): number =>
    results.reduce((total, file) => total + pick(file), 0);
  const mostComplex = results.flatMap((file) => file[5].map((each) => locate(file[0], each)));
  const longest = results.flatMap((file) => (file[6] === null ? [] : [locate(file[0], file[6])]));
  return {
    files: results.length,
    lines: sum((file) => file[1]),
    functions: sum((file) => file[2]),
    classes: sum((file) => file[3]),
    complexity: sum((file) => file[4]),
    mostComplex: mostComplex.sort(by('complexity')).slice(0, MOST_COMPLEX_MAX),
    longest: longest.sort(by('length'))[0] ?? null,
    problems: results
      .flatMap((file) => (file[7] === null ? [] : [{ path: file[0], problem: file[7] }]))
      .sort((a, b) => compare(a.path, b.path)),
  };
}

function locate(path: string, [name, line, complexity, length]: FunctionMetrics): Located {
  return { path, name, line, complexity, length };
}

/** The greatest first; equals in the order of the files. */
function by(figure: 'complexity' | 'length'): (a: Located, b: Located) => number {
  return (a, b) => b[figure] - a[figure] || compare(a.path, b.path) || a.line - b.line;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
