// The Python that everything runs on: a virtual environment of the one that the product itself would use,
// or the one that was named.

import { dirname, join } from 'node:path';
import { configure, pythonInfo } from '@multicore-python/interpreters';
import { virtualEnvironment } from './virtual-environment.js';

/** What programs and peers need to know about it. */
export interface FoundPython {
  /** What all sides run on. */
  readonly executable: string;
  /** What peers are built with: the installation itself, with its headers and its python3-config. */
  readonly installation: string;
  readonly libpython: string;
  readonly basePrefix: string;
  readonly version: string;
  /** The folder of our own virtual environment; null: it is none of ours. */
  readonly virtualEnvironment: string | null;
  /** Which one it is, for the report. */
  readonly environment: string;
}

const CLEAN = 'a virtual environment without packages';
const GIVEN = 'as given';

/** The one that the product itself would use, or the one that was named; throws the product's own error. */
export function installedPython(wanted: string | null): FoundPython {
  if (wanted !== null) configure({ python: wanted });
  const { executable, libpython, basePrefix, version } = pythonInfo();
  return {
    executable,
    installation: executable,
    libpython,
    basePrefix,
    version,
    virtualEnvironment: null,
    environment: GIVEN,
  };
}

/**
 * Finds it; throws the product's own error, which says what to do, if there is none. One that was named
 * is used as it is; of another a virtual environment is made below `peers`, or it is used as it is, too,
 * and `environment` says why.
 */
export async function findPython(wanted: string | null, peers: string): Promise<FoundPython> {
  const found = installedPython(wanted);
  if (wanted !== null) return found;
  const made = await virtualEnvironment(found, join(peers, 'python'));
  if ('reason' in made)
    return { ...found, environment: `as found, without a virtual environment: ${made.reason}` };
  return {
    ...found,
    executable: made.executable,
    virtualEnvironment: made.directory,
    environment: CLEAN,
  };
}

/** Folders in which programs look for `python3` and what belongs to it, before those of PATH. */
export function pythonPath({ executable, installation }: FoundPython): readonly string[] {
  return [...new Set([dirname(executable), dirname(installation)])];
}
