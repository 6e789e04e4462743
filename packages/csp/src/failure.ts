// What a failed network rejects with, and telling a cause from its consequences. Nothing runs here.

import { ChannelPoisonedError } from '@multicore-python/channels';
import { errorText } from '@multicore-python/core';
import { MulticoreError, PythonError } from '@multicore-python/interpreters';

/** A process that failed, and how. */
export interface ProcessFailure {
  /** The name of the process. */
  readonly process: string;
  readonly error: unknown;
}

/**
 * One or more processes of a `par` failed; the others were stopped and have ended.
 *
 * @example
 * try {
 *   await par(source, worker, sink);
 * } catch (error) {
 *   if (error instanceof ParallelError) for (const { process, error: why } of error.failures) console.error(process, why);
 * }
 */
export class ParallelError extends AggregateError {
  readonly code = 'ERR_PROCESS_FAILED';
  /** The processes that failed by themselves, the first one first. */
  readonly failures: readonly ProcessFailure[];
  /** The names of the processes that were stopped because of them. */
  readonly stopped: readonly string[];

  constructor(failures: readonly ProcessFailure[], stopped: readonly string[]) {
    super(
      failures.map(({ error }) => error),
      describeFailures(failures),
      { cause: failures[0]?.error },
    );
    this.failures = failures;
    this.stopped = stopped;
    Object.defineProperty(this, 'failures', { enumerable: false });
  }

  override get name(): string {
    return 'ParallelError';
  }
}

function describeFailures(failures: readonly ProcessFailure[]): string {
  const lines = failures.map(({ process, error }) => `${process}: ${errorText(error)}`);
  return lines.length === 1
    ? `Process ${lines[0]}`
    : `${lines.length} processes failed\n  ${lines.join('\n  ')}`;
}

const STOPPING_CODES: ReadonlySet<unknown> = new Set([
  'ERR_CHANNEL_POISONED',
  'ERR_ABORTED',
  'ERR_INTERRUPTED',
  'ABORT_ERR',
]);
const STOPPING_TYPES = /(?:^|\.)(?:\w*Poison\w*|KeyboardInterrupt)$/;

/**
 * The reason, if a process ended because a channel of it was poisoned: somebody asked the network to
 * end, in either language.
 */
export function poisonReason(error: unknown): string | undefined {
  if (error instanceof ChannelPoisonedError) return error.reason;
  if (error instanceof PythonError && /(?:^|\.)ChannelPoisonedError$/.test(error.pythonType))
    return error.message.replace(/^(?:[\w.]*\.)?ChannelPoisonedError: /, '');
  return undefined;
}

/** Whether an error is only what being told to stop looks like from inside. */
export function isConsequence(error: unknown, reason: unknown): boolean {
  if (error === reason) return true;
  if (error instanceof PythonError) return STOPPING_TYPES.test(error.pythonType);
  if (error instanceof ParallelError)
    return error.errors.every((inner) => isConsequence(inner, reason));
  if (error instanceof MulticoreError) return STOPPING_CODES.has(error.code);
  return (
    error instanceof Error &&
    (error.name === 'AbortError' || STOPPING_CODES.has(Reflect.get(error, 'code')))
  );
}
