// Opens libpython so that the addon, and every extension module that Python imports, finds its symbols.
// Why and with which flags: docs/design/native-symbols.md.

import { constants } from 'node:os';
import { delimiter } from 'node:path';
import type { PythonInfo } from '../discovery/types.js';
import { MulticoreError } from '../errors.js';

/** Missing from `os.constants.dlopen`, and each system's own number. The library must outlive Node's failed attempt to use it as an addon. */
const RTLD_NODELETE: Readonly<Partial<Record<NodeJS.Platform, number>>> = {
  linux: 0x1000,
  darwin: 0x80,
  freebsd: 0x1000,
};

/** Opens a libpython for the whole process. Doing it again, from any thread, is harmless. */
export function openLibpython(
  info: Pick<PythonInfo, 'libpython' | 'version' | 'executable'>,
): void {
  if (process.platform === 'win32') return; // see withPythonOnPath
  try {
    process.dlopen({ exports: {} }, info.libpython, pinned() | constants.dlopen.RTLD_GLOBAL);
  } catch (error) {
    if (isOpenedNonetheless(error)) return;
    const reason = error instanceof Error ? error.message : String(error);
    const advice = isForbidden(error)
      ? 'Start node without --no-addons, or, with --permission, add --allow-addons.'
      : `Start ${info.executable} in a terminal: if it fails too, reinstall it; else report this, or choose another Python with MULTICORE_PYTHON.`;
    throw new MulticoreError(
      'ERR_ADDON_LOAD',
      `libpython of Python ${info.version} cannot be opened: ${reason}\n${advice}`,
      { cause: error },
    );
  }
}

/** `RTLD_NOW`, and never unloaded again: neither CPython nor the addon survives that. */
export function pinned(): number {
  return constants.dlopen.RTLD_NOW | (RTLD_NODELETE[process.platform] ?? 0);
}

/**
 * Node opens the library, finds that it is no addon, and says so. That is success here.
 * A library that the system refuses is reported in the system's words instead.
 */
function isOpenedNonetheless(error: unknown): boolean {
  // No `instanceof`: where modules run in a context of their own (Jest, `vm`), Node's errors are of another realm.
  const { message } = Object(error) as Partial<Error>;
  return String(message).startsWith('Module did not self-register');
}

/** Whether Node was told to load no addons at all. */
function isForbidden(error: unknown): boolean {
  return (Object(error) as Partial<NodeJS.ErrnoException>).code === 'ERR_DLOPEN_DISABLED';
}

/**
 * Windows: `process.dlopen` would unload the DLL again, so the addon's own import of `python3.dll` has to find it.
 * The DLL search looks along `PATH`, which is changed for the duration of the load only.
 * Gotcha: a Worker's `process.env` is a copy that the system does not see. There the main thread must have loaded first,
 * or the Worker be made with `{ env: SHARE_ENV }`. Not tried on Windows yet.
 */
export function withPythonOnPath<T>(info: Pick<PythonInfo, 'basePrefix'>, load: () => T): T {
  if (process.platform !== 'win32') return load();
  const before = process.env['PATH'];
  process.env['PATH'] =
    before === undefined ? info.basePrefix : info.basePrefix + delimiter + before;
  try {
    return load();
  } finally {
    if (before === undefined) delete process.env['PATH'];
    else process.env['PATH'] = before;
  }
}
