// Loads the native addon into this environment. What it exports is typed by who uses it, not here.

import { currentHost, type Host } from '../discovery/host.js';
import type { PythonInfo } from '../discovery/types.js';
import { MulticoreError } from '../errors.js';
import { openLibpython, pinned, withPythonOnPath } from './libpython.js';
import { type BinarySearch, locateBinary } from './locate.js';

/** Loaded without saying which libpython, because the process had one open: {@link joinBinding}. */
let joined: unknown;
let loaded: { readonly libpython: string; readonly exports: unknown } | undefined;

/**
 * Opens libpython and loads the addon. Does not start Python. Each environment (the main thread, each Worker) loads for itself;
 * the system keeps one copy of both libraries.
 *
 * @throws {MulticoreError} `ERR_ADDON_LOAD`, with what the system's loader said.
 *
 * @example
 * ```ts
 * const binding = loadBinding(findPython()) as NativeBinding;
 * ```
 */
export function loadBinding(info: PythonInfo): unknown {
  if (loaded !== undefined) {
    if (loaded.libpython === info.libpython) return loaded.exports;
    throw new MulticoreError(
      'ERR_ALREADY_CONFIGURED',
      `${loaded.libpython} is already loaded; one process has one CPython.\nCall configure() before anything else, and only once.`,
    );
  }
  const search = locateBinary(currentHost());
  if (search.path === null) throw missing(search);
  openLibpython(info);
  const exports = joined ?? openAddon(search.path, info);
  loaded = { libpython: info.libpython, exports };
  return exports;
}

/**
 * Loads the addon if the process has libpython open already, because another of its environments
 * (the main thread, a Worker) uses it; undefined if not. Chooses nothing: a later {@link loadBinding} may still say which
 * CPython, and is told by `start` if that is another one.
 */
export function joinBinding(): unknown {
  if (loaded !== undefined) return loaded.exports;
  // On Windows the loader would search for a libpython, and open one.
  if (joined !== undefined || process.platform === 'win32') return joined;
  const { path } = locateBinary(currentHost());
  if (path === null) return undefined;
  const module: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(module, path, pinned());
  } catch {
    // Its symbols are missing: no libpython is open.
    return undefined;
  }
  joined = module.exports;
  return joined;
}

/** Whether the addon is where it should be, without loading it. For `doctor`. */
export function addonStatus(host: Host = currentHost()): BinarySearch {
  return locateBinary(host);
}

function openAddon(path: string, info: PythonInfo): unknown {
  const module: { exports: unknown } = { exports: {} };
  try {
    withPythonOnPath(info, () => process.dlopen(module, path, pinned()));
    return module.exports;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MulticoreError(
      'ERR_ADDON_LOAD',
      `The native addon cannot be loaded: ${reason}\n${adviceFor(reason, path, info)}`,
      {
        cause: error,
      },
    );
  }
}

function adviceFor(reason: string, path: string, info: PythonInfo): string {
  if (/undefined symbol: _?Py|symbol not found.*_?Py/.test(reason)) {
    return `${info.libpython} does not offer what the addon needs: choose another Python with MULTICORE_PYTHON, or rebuild the addon (npm run build:native).`;
  }
  if (/GLIBC_|GLIBCXX_/.test(reason))
    return 'This system’s C library is older than the addon needs: update the system, or build from source.';
  if (
    /invalid ELF header|wrong ELF class|incompatible architecture|not a valid Win32/.test(reason)
  ) {
    return `${path} is for another platform: reinstall node_modules on this machine (npm ci), or rebuild (npm run build:native).`;
  }
  return `Reinstall @multicore-python/core (npm ci), or rebuild it (npm run build:native): ${path}`;
}

function missing({ triple, origin, tried }: BinarySearch): MulticoreError {
  const message =
    origin === 'MULTICORE_CORE_BINARY'
      ? `MULTICORE_CORE_BINARY names a file that does not exist: ${tried.join('')}.\nCorrect it, or unset it.`
      : `There is no native addon for ${triple}. Looked for: ${tried.join(', ')}.\n` +
        'Reinstall without --omit=optional (npm install --include=optional); in a clone, build it (npm run build:native).';
  return new MulticoreError('ERR_ADDON_LOAD', message);
}
