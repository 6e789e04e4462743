// Recognises an import that was refused because the module cannot live in an isolated interpreter.
// What to do about it is said here; nothing else is.

import { MulticoreError } from '../errors.js';
import type { NativeException } from '../native/binding.js';
import { PythonError } from './python-error.js';

// What CPython says (`importlib` via PEP 489), what PyO3 says, and what Cython and numpy say.
const REFUSALS: readonly RegExp[] = [
  /module (?<module>\S+) does not support loading in subinterpreters/,
  /(?<module>\S+) does not (?:yet )?support (?:being imported in |loading in )?sub-?interpreters/i,
  /PyO3 modules do(?:es)? not yet support subinterpreters/,
  /Interpreter change detected - this module can only be loaded into one interpreter per process/,
  /cannot load module more than once per process/,
];

/** The error for an import that isolation refused; undefined for any other exception. */
export function isolationError(
  exception: NativeException,
  interpreter: string,
): MulticoreError | undefined {
  if (exception.type !== 'ImportError') return undefined;
  const refusal = REFUSALS.map((pattern) => pattern.exec(exception.message)).find(
    (match) => match !== null,
  );
  if (refusal === undefined || refusal === null) return undefined;
  const module =
    refusal.groups?.['module'] ?? String(exception.attributes['name'] ?? importedBy(exception));
  return new MulticoreError(
    'ERR_ISOLATION',
    `The extension module ${module} cannot be imported in interpreter ${JSON.stringify(interpreter)}: it does not ` +
      "support interpreters with a GIL of their own. Use it in one created with { isolation: 'shared-gil' }, or, if it " +
      'refuses that too (numpy and what builds on it), in Interpreter.main().',
    { cause: new PythonError(exception, interpreter) },
  );
}

function importedBy(exception: NativeException): string {
  const file = exception.frames.at(-1)?.filename;
  return file === undefined ? 'that was asked for' : `imported by ${file}`;
}
