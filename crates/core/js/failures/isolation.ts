// Recognises an import that was refused because the module cannot live in an isolated interpreter.
// What to do about it is said here; nothing else is.

import { MulticoreError } from '../errors.js';
import type { NativeException } from '../native/binding.js';
import { PythonError } from './python-error.js';

/** What CPython says (PEP 489, PEP 684): the module was not made for a GIL of its own. */
const NEEDS_SHARED_GIL = [
  /module (?<module>\S+) does not support loading in subinterpreters/,
  /(?<module>\S+) does not (?:yet )?support (?:being imported in |loading in )?sub-?interpreters/i,
];

/** What PyO3, Cython and numpy say: another interpreter of this process has loaded the module before. */
const ONCE_PER_PROCESS = [
  /PyO3 modules do(?:es)? not yet support subinterpreters/,
  /Interpreter change detected - this module can only be loaded into one interpreter per process/,
  /cannot load module more than once per process/,
];

/**
 * The error for an import that isolation refused; undefined for any other exception. Packages like to wrap
 * the refusal of a package that they need in an `ImportError` of their own: the whole chain is looked at.
 */
export function isolationError(
  exception: NativeException,
  interpreter: string,
): MulticoreError | undefined {
  if (!isImportError(exception)) return undefined;
  // The innermost says it in the words above; what wraps it may quote it in the middle of other text.
  for (const link of chain(exception).reverse()) {
    const shared = find(NEEDS_SHARED_GIL, link);
    const once = shared ?? find(ONCE_PER_PROCESS, link);
    if (once === undefined) continue;
    const named = once.groups?.['module'];
    const module = named === undefined ? nameOf(link) : `The extension module ${named}`;
    return new MulticoreError(
      'ERR_ISOLATION',
      `${module} cannot be imported in interpreter ${JSON.stringify(interpreter)}: ${shared ? SHARE : ONCE}`,
      { cause: new PythonError(exception, interpreter, null) },
    );
  }
  return undefined;
}

const SHARE =
  'it does not support interpreters with a GIL of their own. Use it in one created with ' +
  "{ isolation: 'shared-gil' }, or, if it refuses that too (numpy and what builds on it), in Interpreter.main().";

const ONCE =
  'it can be loaded by one interpreter of a process only, and another one has loaded it (or tried to). ' +
  'Use it in Interpreter.main(), and there only.';

const isImportError = ({ type }: NativeException) =>
  type === 'ImportError' || type === 'ModuleNotFoundError';

function chain(exception: NativeException): NativeException[] {
  const links: NativeException[] = [];
  for (let link: NativeException | null = exception; link !== null; link = link.cause)
    if (isImportError(link)) links.push(link);
  return links;
}

function find(patterns: readonly RegExp[], { message }: NativeException) {
  for (const pattern of patterns) {
    const match = pattern.exec(message);
    if (match !== null) return match;
  }
  return undefined;
}

/** As near to the module's name as can be told. */
function nameOf({ attributes, frames }: NativeException): string {
  const name = attributes['name'];
  if (typeof name === 'string') return `The extension module ${name}`;
  const importer = frames.findLast(({ filename }) => !/^<(frozen|multicore)\b/.test(filename));
  return importer === undefined
    ? 'An extension module'
    : `An extension module that ${importer.filename} imports (line ${importer.line})`;
}
