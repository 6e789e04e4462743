// What the methods of an interpreter take. Types and the unpacking of sources only.

import { MulticoreError } from '@multicore-python/core';
import { PythonSource, type PythonSource as Source } from './source.js';

/** How long something may take and what stops it. */
export interface StopOptions {
  /** Stops the running Python code when it aborts; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the running Python code is stopped with `ERR_TIMEOUT`. */
  readonly timeout?: number | undefined;
}

/** What running source takes. */
export interface SourceOptions extends StopOptions {
  /** Values by the names that the source knows them by. */
  readonly bind?: Readonly<Record<string, unknown>> | undefined;
  /** What tracebacks call the source. */
  readonly filename?: string | undefined;
}

/** What running source while the caller waits takes: no signal could abort in the meantime. */
export type SourceSyncOptions = Omit<SourceOptions, 'signal'>;

/** What a call takes besides its arguments. */
export interface CallOptions extends StopOptions {
  /** Keyword arguments. */
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
}

/** What a call takes while the caller waits. */
export type CallSyncOptions = Omit<CallOptions, 'signal'>;

/** Python source: a text, or what the `python` tag made. */
export type SourceLike = string | Source;

/** The text of a source. */
export function textOf(source: SourceLike): string {
  if (typeof source === 'string') return source;
  if (source instanceof PythonSource) return source.text;
  throw new MulticoreError(
    'ERR_INVALID_ARGUMENT',
    'source is not a string, and not what the python tag makes',
  );
}

/** The values of a source and those given beside it. */
export function bindingsOf(
  source: SourceLike,
  bind: Readonly<Record<string, unknown>> | undefined,
): object | undefined {
  if (!(source instanceof PythonSource)) return bind;
  return bind === undefined ? source.bindings : { ...source.bindings, ...bind };
}
