import { expect, test } from 'vitest';
import { MulticoreError } from '../../js/errors.js';
import {
  ChannelPoisonedError,
  NotShareableError,
  TimeoutError,
} from '../../js/failures/classes.js';
import { makeError } from '../../js/failures/from-failure.js';
import type { NativeFailure } from '../../js/native/binding.js';

const codeOf = (failure: NativeFailure): string | undefined => {
  const error = makeError(failure);
  expect(error).toBeInstanceOf(MulticoreError);
  expect(error.message).not.toBe('');
  return (error as MulticoreError).code;
};

test.each<[NativeFailure, string]>([
  [{ kind: 'closed', interpreter: 'a' }, 'ERR_INTERPRETER_CLOSED'],
  [{ kind: 'busy', interpreter: 'a' }, 'ERR_INTERPRETER_BUSY'],
  [{ kind: 'abandoned', interpreter: 'a' }, 'ERR_INTERPRETER_ABANDONED'],
  [{ kind: 'stopped', why: 'interrupted' }, 'ERR_INTERRUPTED'],
  [{ kind: 'stopped', why: 'cancelled' }, 'ERR_ABORTED'],
  [{ kind: 'stopped', why: 'timeout', timeout: 5 }, 'ERR_TIMEOUT'],
  [{ kind: 'stopped', why: 'closing' }, 'ERR_INTERPRETER_CLOSED'],
  [{ kind: 'channel', why: 'closed' }, 'ERR_CHANNEL_CLOSED'],
  [{ kind: 'channel', why: 'poisoned', reason: 'r' }, 'ERR_CHANNEL_POISONED'],
  [{ kind: 'channel', why: 'full' }, 'ERR_CHANNEL_FULL'],
  [{ kind: 'channel', why: 'empty' }, 'ERR_CHANNEL_EMPTY'],
  [{ kind: 'channel', why: 'timeout' }, 'ERR_TIMEOUT'],
  [{ kind: 'channel', why: 'cancelled' }, 'ERR_ABORTED'],
  [{ kind: 'start', why: 'already-started', message: 'm' }, 'ERR_ALREADY_CONFIGURED'],
  [{ kind: 'start', why: 'python', message: 'm' }, 'ERR_PYTHON_BROKEN'],
  [{ kind: 'create', why: 'name-taken', message: 'm' }, 'ERR_INVALID_ARGUMENT'],
  [{ kind: 'invalid', message: 'm' }, 'ERR_INVALID_ARGUMENT'],
])('%o is %s', (failure, code) => {
  expect(codeOf(failure)).toBe(code);
});

test('errors carry what a program needs', () => {
  const notShareable = makeError({
    kind: 'not-shareable',
    path: '$[2].conn',
    type: 'sqlite3.Connection',
    reason: '',
  });
  expect(notShareable).toBeInstanceOf(NotShareableError);
  expect(notShareable).toMatchObject({
    path: '$[2].conn',
    type: 'sqlite3.Connection',
    code: 'ERR_NOT_SHAREABLE',
  });
  expect(makeError({ kind: 'stopped', why: 'timeout', timeout: 5 })).toMatchObject({
    timeout: 5,
    name: 'TimeoutError',
  });
  expect(makeError({ kind: 'stopped', why: 'timeout' })).toBeInstanceOf(TimeoutError);
  const poisoned = makeError({ kind: 'channel', why: 'poisoned', reason: 'enough' });
  expect(poisoned).toBeInstanceOf(ChannelPoisonedError);
  expect(poisoned).toMatchObject({ reason: 'enough', message: 'The channel was poisoned: enough' });
});

test.each([
  [
    'module numpy._core._multiarray_umath does not support loading in subinterpreters',
    'numpy._core._multiarray_umath',
  ],
  ['PyO3 modules do not yet support subinterpreters, see https://…', 'orjson'],
])('an import that isolation refuses names the module: %s', (message, module) => {
  const error = makeError({
    kind: 'exception',
    interpreter: 'worker',
    exception: {
      type: 'ImportError',
      message,
      traceback: '',
      frames: [],
      notes: [],
      cause: null,
      errors: [],
      attributes: { name: 'orjson' },
    },
  });
  expect(error).toMatchObject({ code: 'ERR_ISOLATION' });
  expect(error.message).toContain(module);
  expect(error.message).toContain("{ isolation: 'shared-gil' }");
});
