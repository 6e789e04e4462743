// What the end of a task means: for who waits for it, and for the interpreter that ran it.

import { MulticoreError, TimeoutError } from '@multicore-python/core';
import type { ReplacementReason } from './replacement.js';
import type { Task } from './task.js';

/** The error that a task is rejected with. */
export function errorOf(task: Task, error: unknown): unknown {
  if (task.stopped === undefined || codeOf(error) !== 'ERR_ABORTED') return error;
  if (task.stopped.why === 'signal') return task.stopped.reason;
  return new TimeoutError(
    `${task.path} did not end within its timeout of ${task.timeout} ms; the interpreter that ran it is replaced`,
    task.timeout,
  );
}

/** The error of a start whose initializer did not end within its time. */
export function lateInitializer(pool: string, error: TimeoutError): TimeoutError {
  const late = new TimeoutError(
    `The initializer of pool ${JSON.stringify(pool)} did not end within initializerTimeout, ${error.timeout} ms: give it more, or Infinity`,
    error.timeout,
  );
  late.cause = error;
  return late;
}

/** Why the interpreter of a task that ended must be replaced; undefined: it is as good as before. */
export function reasonToReplace(
  task: Task,
  isOk: boolean,
  error: unknown,
): ReplacementReason | undefined {
  if (task.stopped !== undefined) return 'stopped';
  if (isOk) return undefined;
  switch (codeOf(error)) {
    case 'ERR_INTERRUPTED':
    case 'ERR_TIMEOUT':
    case 'ERR_ABORTED':
      return 'stopped';
    case 'ERR_INTERPRETER_CLOSED':
    case 'ERR_INTERPRETER_ABANDONED':
      return 'closed';
    default:
      return undefined;
  }
}

/** A task came to a pool that is closed. */
export function closed(name: string): MulticoreError {
  return new MulticoreError('ERR_INTERPRETER_CLOSED', `Pool ${JSON.stringify(name)} is closed`);
}

/** A task came to a pool that is full. */
export function full(name: string, limit: number): MulticoreError {
  return new MulticoreError(
    'ERR_POOL_FULL',
    `${limit} tasks wait in pool ${JSON.stringify(name)} already: try again later, wait for pool.room(), ` +
      "or create it with { whenFull: 'wait' }",
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof MulticoreError ? error.code : undefined;
}
