import { expect, test } from 'vitest';
import { MulticoreError } from '../../js/errors.js';
import {
  ChannelPoisonedError,
  NotShareableError,
  TimeoutError,
} from '../../js/failures/classes.js';
import { makeError } from '../../js/failures/from-failure.js';
import type { NativeException, NativeFailure } from '../../js/native/binding.js';

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

const importError = (message: string, more: Partial<NativeException> = {}): NativeException => ({
  type: 'ImportError',
  message,
  traceback: '',
  frames: [],
  notes: [],
  cause: null,
  errors: [],
  attributes: {},
  ...more,
});
const refused = (exception: NativeException) =>
  makeError({ kind: 'exception', interpreter: 'worker', exception });

const NEEDS_SHARED_GIL =
  'module numpy._core._multiarray_umath does not support loading in subinterpreters';

test('an import that a GIL of its own refuses names the module and the other kinds', () => {
  const error = refused(importError(NEEDS_SHARED_GIL));
  expect(error).toMatchObject({ code: 'ERR_ISOLATION' });
  expect(error.message).toContain('numpy._core._multiarray_umath');
  expect(error.message).toContain("{ isolation: 'shared-gil' }");
});

test.each([
  'PyO3 modules do not yet support subinterpreters, see https://…',
  'Interpreter change detected - this module can only be loaded into one interpreter per process.',
  'cannot load module more than once per process',
])('a module that only one interpreter can load belongs to the main one: %s', (message) => {
  const error = refused(importError(message, { attributes: { name: 'orjson' } }));
  expect(error).toMatchObject({ code: 'ERR_ISOLATION' });
  expect(error.message).toContain('orjson');
  expect(error.message).toContain('Interpreter.main()');
  expect(error.message).not.toContain('shared-gil');
});

test('a module without a name is told by who imports it, not by our own code', () => {
  const frame = (filename: string, line: number) => ({
    filename,
    line,
    function: 'f',
    column: 1,
    source: '',
  });
  const frames = [frame('<python 1>', 3), frame('<multicore._bootstrap>', 9)];
  const error = refused(importError('cannot load module more than once per process', { frames }));
  expect(error.message).toContain('<python 1> imports (line 3)');
});

test('a refusal is found behind the errors of packages that need the module', () => {
  const cause = importError(`Original error was: ${NEEDS_SHARED_GIL}`, {
    cause: importError(NEEDS_SHARED_GIL),
  });
  const error = refused(importError('Unable to import required dependency numpy.', { cause }));
  expect(error).toMatchObject({ code: 'ERR_ISOLATION' });
  expect(error.message).toContain('numpy._core._multiarray_umath');
});

test('other import errors stay what they are', () => {
  expect(refused(importError('No module named nothing'))).toMatchObject({ code: 'ERR_PYTHON' });
  const other = importError('x', { type: 'ValueError', cause: importError(NEEDS_SHARED_GIL) });
  expect(refused(other)).toMatchObject({ code: 'ERR_PYTHON' });
});

test.each<NativeFailure>([
  { kind: 'busy', interpreter: 'a' },
  {
    kind: 'exception',
    interpreter: 'a',
    exception: {
      type: 'ValueError',
      message: '',
      traceback: '',
      frames: [],
      notes: [],
      cause: null,
      errors: [],
      attributes: {},
    },
  },
])('the stack of $kind begins where the program called', (failure) => {
  const [, first] = String(makeError(failure).stack).split('\n');
  expect(first).toContain('from-failure.test.ts');
});
