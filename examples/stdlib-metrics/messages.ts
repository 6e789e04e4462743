// What the workers send: the tuples of python/metrics.py, typed. Nothing runs here.

/** A function: its qualified name, first line, cyclomatic complexity, length in lines. */
export type FunctionMetrics = readonly [
  name: string,
  line: number,
  complexity: number,
  length: number,
];

/** A file, measured. `problem` says why it could not be. */
export type FileMetrics = readonly [
  path: string,
  lines: number,
  functions: number,
  classes: number,
  complexity: number,
  mostComplex: readonly FunctionMetrics[],
  longest: FunctionMetrics | null,
  problem: string | null,
];

/** A worker's messages: null once, when it is ready. */
export type WorkerMessage = FileMetrics | null;
