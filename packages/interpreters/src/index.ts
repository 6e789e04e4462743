// @multicore-python/interpreters: run Python on every core of a Node process.

export {
  Complex,
  type Configuration,
  configure,
  type ErrorCode,
  Float,
  FrozenMap,
  FrozenSet,
  float,
  MulticoreError,
  NotShareableError,
  PythonDate,
  PythonDateTime,
  PythonDecimal,
  PythonError,
  PythonFraction,
  type PythonFrame,
  type PythonInfo,
  PythonPath,
  PythonRecord,
  PythonTime,
  PythonTimeDelta,
  PythonUUID,
  pythonInfo,
  releaseView,
  TimeoutError,
  Transferred,
  type TypedArray,
  transfer,
} from '@multicore-python/core';
export type { CreateOptions } from './create.js';
export type { PythonFunction } from './function.js';
export { PythonGenerator } from './generator.js';
export { Interpreter } from './interpreter.js';
export type {
  CallOptions,
  CallSyncOptions,
  SourceLike,
  SourceOptions,
  SourceSyncOptions,
  StopOptions,
} from './options.js';
export type { Output } from './output.js';
export type { Callee } from './pool/callee.js';
export type { TaskTrace } from './pool/diagnostics.js';
export type { PoolFunction } from './pool/function.js';
export { PoolLease } from './pool/lease.js';
export type {
  MapOptions,
  PoolCloseOptions,
  PoolCloseReport,
  PoolOptions,
  PoolSize,
  Progress,
  RecyclePolicy,
  TaskOptions,
} from './pool/options.js';
export { InterpreterPool } from './pool/pool.js';
export type { Replacement, ReplacementReason } from './pool/replacement.js';
export type { PoolStats } from './pool/stats.js';
export type { TimeStats } from './pool/times.js';
export type { CloseReport, InterpreterState, InterpreterStats, Isolation } from './reports.js';
export { PythonSource, python } from './source.js';
