// How a process ended, as supervisors and monitors see it.

import { MulticoreError } from '@multicore-python/core';
import { PythonError } from '@multicore-python/interpreters';
import { ParallelError, poisonReason } from '../failure.js';
import { hasEnded } from '../repeat.js';

/** Why a process ended. */
export type ExitReason =
  /** It did its work, or a channel that it uses has ended. */
  | 'normal'
  /** It threw, or Python raised. */
  | 'error'
  /** One of its channels was poisoned. */
  | 'poisoned'
  /** Its interpreter was closed or interrupted under it, or it had to be given up. */
  | 'killed'
  /** It gave no sign of life for too long. */
  | 'hang'
  /** It took too long. */
  | 'timeout'
  /** It was told to stop. */
  | 'stopped';

/** The end of a process. */
export interface Exit {
  /** The name of the process. */
  readonly process: string;
  readonly reason: ExitReason;
  /** What it failed with, if it did. */
  readonly error: unknown;
}

/** What a process is stopped with, for a reason of its supervisor's. */
export class StopError extends MulticoreError {
  readonly reason: 'hang' | 'timeout' | 'stopped' | 'killed' | 'error';

  constructor(reason: StopError['reason'], message: string) {
    super(reason === 'timeout' || reason === 'hang' ? 'ERR_TIMEOUT' : 'ERR_ABORTED', message);
    this.reason = reason;
  }

  override get name(): string {
    return 'StopError';
  }
}

/** A supervisor gave up: its processes failed too often. */
export class SupervisionError extends MulticoreError {
  /** The exits that were too many, the last one last. */
  readonly exits: readonly Exit[];

  constructor(message: string, exits: readonly Exit[]) {
    super('ERR_TOO_MANY_RESTARTS', message, { cause: exits.at(-1)?.error });
    this.exits = exits;
    Object.defineProperty(this, 'exits', { enumerable: false });
  }

  override get name(): string {
    return 'SupervisionError';
  }
}

/** The exit of a process that failed. */
export function exitOf(process: string, error: unknown): Exit {
  if (hasEnded(error)) return { process, reason: 'normal', error: undefined };
  return { process, reason: reasonOf(error), error };
}

const KILLED: ReadonlySet<string> = new Set([
  'ERR_INTERPRETER_CLOSED',
  'ERR_INTERPRETER_ABANDONED',
  'ERR_INTERRUPTED',
]);

function reasonOf(error: unknown): ExitReason {
  if (error instanceof StopError) return error.reason;
  if (poisonReason(error) !== undefined) return 'poisoned';
  if (error instanceof PythonError) return 'error';
  if (error instanceof ParallelError) return reasonOf(error.errors[0]);
  if (!(error instanceof MulticoreError)) return 'error';
  if (KILLED.has(error.code)) return 'killed';
  return error.code === 'ERR_TIMEOUT' ? 'timeout' : 'error';
}
