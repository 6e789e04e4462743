// Where an installation or an environment keeps its python executable. Knows folders, asks nobody.

import { basename, dirname, join } from 'node:path';
import { isDirectory, isExecutable, isFile, resolved } from './files.js';
import type { Host } from './host.js';
import type { Candidate } from './types.js';
import { versionInName } from './versions.js';

/**
 * The python of a venv, a conda environment or an installation, given its root folder.
 *
 * @example
 * ```ts
 * pythonUnder('/srv/app/.venv', currentHost()); // '/srv/app/.venv/bin/python3'
 * ```
 */
export function pythonUnder(root: string, host: Host): string | null {
  if (!isDirectory(root)) return null;
  const places =
    host.platform === 'win32'
      ? [
          join(root, 'Scripts', 'python.exe'),
          join(root, 'python.exe'),
          join(root, 'bin', 'python.exe'),
        ]
      : [join(root, 'bin', 'python3'), join(root, 'bin', 'python')];
  return places.find((place) => isExecutable(place)) ?? null;
}

/** The root of the venv that an executable belongs to, or `null`. The executable must not be resolved. */
export function venvOf(executable: string): string | null {
  const folder = dirname(executable);
  const places = /^(bin|scripts)$/i.test(basename(folder)) ? [dirname(folder), folder] : [folder];
  return places.find((place) => isFile(join(place, 'pyvenv.cfg'))) ?? null;
}

/** `/usr/bin/python3` is a link to `python3.11`: its own file says that it is too old, without a process. */
export function withNamedVersion(candidate: Candidate): Candidate {
  const file = basename(resolved(candidate.executable));
  const version = /^python\d\.\d+(\.exe)?$/.test(file) ? versionInName(file) : null;
  return version === null ? candidate : { ...candidate, namedVersion: version };
}
