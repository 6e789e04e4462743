// The `makeError` hook: one error for each way in which native code can fail. Messages say what
// happened and what to do; the classes are in classes.ts and python-error.ts.

import { MulticoreError } from '../errors.js';
import type { NativeFailure } from '../native/binding.js';
import {
  ChannelClosedError,
  ChannelPoisonedError,
  NotShareableError,
  TimeoutError,
} from './classes.js';
import { hostErrorOf } from './host-error.js';
import { isolationError } from './isolation.js';
import { PythonError } from './python-error.js';
import { markUnseen } from './stack.js';

const TAKEN = ' is the name of a living interpreter: names are unique in the process';

/** Whether an interpreter was not created because another has its name. */
export function isNameTaken(error: unknown): boolean {
  return error instanceof MulticoreError && error.message.endsWith(TAKEN);
}

type Failure<Kind extends NativeFailure['kind']> = Extract<NativeFailure, { readonly kind: Kind }>;

/** The error that stands for a failure in native code: a program's own if it went through Python, else a new one. */
export function makeError(failure: NativeFailure): Error {
  const own = failure.kind === 'exception' ? hostErrorOf(failure.exception) : undefined;
  if (own !== undefined) return own;
  const error = newError(failure);
  // A PythonError was told; it captures once.
  if (!(error instanceof PythonError)) Error.captureStackTrace(error, makeError);
  return markUnseen(error);
}

function newError(failure: NativeFailure): Error {
  switch (failure.kind) {
    case 'exception':
      return (
        isolationError(failure.exception, failure.interpreter) ??
        new PythonError(failure.exception, failure.interpreter, makeError)
      );
    case 'plain-exception':
      return new PythonError(failure, failure.interpreter, makeError);
    case 'not-shareable':
      return new NotShareableError(failure.path, failure.type, failure.reason);
    case 'stopped':
      return stopped(failure);
    case 'closed':
    case 'abandoned':
    case 'busy':
      return unavailable(failure);
    case 'channel':
      return channel(failure);
    case 'start':
      return failure.why === 'already-started'
        ? new MulticoreError(
            'ERR_ALREADY_CONFIGURED',
            `${failure.message} Call configure() once, before the first interpreter.`,
          )
        : new MulticoreError('ERR_PYTHON_BROKEN', `CPython did not start: ${failure.message}`);
    case 'create':
      return failure.why === 'name-taken'
        ? new MulticoreError('ERR_INVALID_ARGUMENT', `${JSON.stringify(failure.message)}${TAKEN}`)
        : new MulticoreError(
            failure.why === 'python' ? 'ERR_PYTHON_BROKEN' : 'ERR_INTERNAL',
            failure.message,
          );
    case 'invalid':
      return new MulticoreError('ERR_INVALID_ARGUMENT', failure.message);
    default:
      return new MulticoreError(
        'ERR_INTERNAL',
        `Unknown failure: ${JSON.stringify(failure satisfies never)}`,
      );
  }
}

const STILL_RUNNING =
  '. It still runs: it is in a C function that cannot be interrupted, or catches every exception. Its interpreter ' +
  'is busy until it returns; close({ timeout }) gives it up.';

function stopped(failure: Failure<'stopped'>): Error {
  const still = failure.stillRunning === true;
  switch (failure.why) {
    case 'timeout': {
      const limit = failure.timeout === undefined ? '' : ` of ${failure.timeout} ms`;
      return new TimeoutError(
        `The Python code did not end within its timeout${limit}${still ? STILL_RUNNING : ' and was stopped'}`,
        failure.timeout,
      );
    }
    case 'interrupted':
      return new MulticoreError(
        'ERR_INTERRUPTED',
        still
          ? `The Python code does not stop at interrupt()${STILL_RUNNING}`
          : 'The Python code was stopped by interrupt()',
      );
    case 'cancelled':
      return new MulticoreError(
        'ERR_ABORTED',
        `The operation was aborted${still ? STILL_RUNNING : ''}`,
      );
    case 'closing':
      return new MulticoreError(
        'ERR_INTERPRETER_CLOSED',
        still
          ? `The Python code does not stop although its interpreter is closing${STILL_RUNNING}`
          : 'The Python code was stopped: its interpreter is closing',
      );
  }
}

function unavailable(failure: Failure<'closed' | 'abandoned' | 'busy'>): Error {
  const name = JSON.stringify(failure.interpreter);
  switch (failure.kind) {
    case 'closed':
      return new MulticoreError('ERR_INTERPRETER_CLOSED', `Interpreter ${name} is closed`);
    case 'abandoned':
      return new MulticoreError(
        'ERR_INTERPRETER_ABANDONED',
        `Interpreter ${name} does not answer and was given up: the Python code in it cannot be interrupted, or overflowed the C stack`,
      );
    case 'busy':
      return new MulticoreError(
        'ERR_INTERPRETER_BUSY',
        `Interpreter ${name} runs a job: a synchronous call would wait for it. Use the asynchronous form, or another interpreter.`,
      );
  }
}

function channel(failure: Failure<'channel'>): Error {
  switch (failure.why) {
    case 'closed':
      return new ChannelClosedError('The channel is closed');
    case 'poisoned':
      return new ChannelPoisonedError(failure.reason ?? '');
    case 'full':
      return new MulticoreError('ERR_CHANNEL_FULL', 'The channel is full');
    case 'empty':
      return new MulticoreError('ERR_CHANNEL_EMPTY', 'The channel is empty');
    case 'timeout':
      return new TimeoutError('The channel operation did not happen within its timeout', undefined);
    case 'cancelled':
      return new MulticoreError('ERR_ABORTED', 'The operation was aborted');
  }
}
