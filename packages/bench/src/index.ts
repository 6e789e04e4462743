// @multicore-python/bench: every speed claim of Multicore Python, side by side with its peers.

export type {
  Case,
  CaseResult,
  Entry,
  EntryResult,
  Measure,
  Program,
  Skip,
  Suite,
  SuiteResult,
} from './method/model.js';
export { REFERENCE } from './method/model.js';
export type { Sample, Summary } from './method/statistics.js';
export { markdownReport } from './report/markdown.js';
export {
  type RunEvent,
  type RunRequest,
  type RunResult,
  runBenchmarks,
} from './runner/run.js';
export { SUITES } from './suites/index.js';
