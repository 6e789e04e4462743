// What the program asked for before the first interpreter, and the CPython that follows from it. Starts nothing.
//
// This state belongs to one environment: a Worker has its own copy of this module. What is the same for the whole process,
// namely which CPython runs, is known to the native side alone: its `start` compares and refuses, whoever calls it.

import { isDeepStrictEqual } from 'node:util';
import { type FindOptions, findPython } from '../discovery/find.js';
import type { PythonInfo } from '../discovery/types.js';
import { MulticoreError } from '../errors.js';

/** What {@link configure} takes. */
export interface Configuration {
  /** A python executable, the root of a venv or installation, or a command on `PATH`. If it cannot be used, that is an error. */
  readonly python?: string;
  /** Folders put in front of `sys.path` of every interpreter. */
  readonly path?: readonly string[];
  /** Environment variables that Python sees besides the process's own, from its start on. Not used to find it. */
  readonly env?: Readonly<Record<string, string>>;
}

let current: Configuration = Object.freeze({});
let isLocked = false;
let info: PythonInfo | undefined;

/**
 * Says which CPython to use, and how to start it. Call it before the first interpreter is created; until then a later call
 * replaces an earlier one. Afterwards only a call with the same values is accepted.
 *
 * @throws {MulticoreError} `ERR_ALREADY_CONFIGURED` after the start, `ERR_INVALID_ARGUMENT` for a wrong type.
 *
 * @example
 * ```ts
 * configure({ python: './.venv', path: ['./python'] });
 * ```
 */
export function configure(options: Configuration): void {
  const next = validated(options);
  if (isDeepStrictEqual(next, current)) return;
  if (isLocked) {
    throw new MulticoreError(
      'ERR_ALREADY_CONFIGURED',
      'Python was already started with another configuration.\nCall configure() before the first interpreter is created.',
    );
  }
  current = next;
  info = undefined;
}

/**
 * Which CPython is used, or would be, and how it was found. Never starts it.
 *
 * @throws {MulticoreError} as {@link findPython} does.
 *
 * @example
 * ```ts
 * const { version, executable, found } = pythonInfo();
 * ```
 */
export function pythonInfo(): PythonInfo {
  info ??= findPython(toFindOptions(current));
  return info;
}

/** The configuration from now on: called by whoever starts Python, just before it does. */
export function lockConfiguration(): Configuration {
  isLocked = true;
  return current;
}

function toFindOptions({ python }: Configuration): FindOptions {
  return python === undefined ? {} : { python };
}

function validated(options: Configuration): Configuration {
  const { python, path, env } = Object(options) as Configuration;
  if (python !== undefined && (typeof python !== 'string' || python === ''))
    throw invalid('python', 'a non-empty string');
  if (
    path !== undefined &&
    !(Array.isArray(path) && path.every((each) => typeof each === 'string'))
  ) {
    throw invalid('path', 'an array of strings');
  }
  if (
    env !== undefined &&
    !(
      typeof env === 'object' &&
      env !== null &&
      Object.values(env).every((each) => typeof each === 'string')
    )
  ) {
    throw invalid('env', 'an object of strings');
  }
  return Object.freeze({
    ...(python !== undefined && { python }),
    ...(path !== undefined && { path: Object.freeze([...path]) }),
    ...(env !== undefined && { env: Object.freeze({ ...env }) }),
  });
}

function invalid(name: string, expected: string): MulticoreError {
  return new MulticoreError('ERR_INVALID_ARGUMENT', `configure({ ${name} }) takes ${expected}.`);
}
