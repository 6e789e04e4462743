// Which command starts a program. Starting is in host.ts, building native ones in src/peers/native.ts.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Program } from '../method/model.js';
import { PACKAGE_ROOT } from '../package-root.js';

/** A command line. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What programs are told about the machine. */
export interface Surroundings {
  /** The Python executable that all sides run on. */
  readonly python: string;
  /** The folder of the virtual environment that was made for the run; null: there is none. */
  readonly virtualEnvironment: string | null;
  /** Where `python3` and `python3-config` are, before PATH. */
  readonly path: readonly string[];
  /** The shared library of that Python. */
  readonly libpython: string;
  /** The folder that peers are installed in, one folder each. */
  readonly peers: string;
  /** Executables of native programs that were built. */
  readonly native: Readonly<Record<string, string>>;
}

/** Where the Python programs are. */
export const PYTHON_DIRECTORY: string = join(PACKAGE_ROOT, 'python');

/** The command that starts a program. */
export function commandOf(program: Program, around: Surroundings): Command {
  const env = {
    MULTICORE_PYTHON: around.python,
    BENCH_PYTHON: around.python,
    BENCH_LIBPYTHON: around.libpython,
    BENCH_PEERS: around.peers,
    BENCH_PYTHON_DIRECTORY: PYTHON_DIRECTORY,
    PYTHONDONTWRITEBYTECODE: '1',
    // Peers look for python3 and python3-config themselves.
    PATH: [...around.path, process.env['PATH']].join(delimiter),
    // As if it were activated: the user's own may be, and some peers take their packages from there.
    ...(around.virtualEnvironment === null ? {} : { VIRTUAL_ENV: around.virtualEnvironment }),
  };
  switch (program.kind) {
    case 'node': {
      const module = join(PACKAGE_ROOT, 'dist', 'programs', `${program.module}.js`);
      if (!existsSync(module)) throw new Error(`${module} is missing: run npm run build`);
      return {
        file: process.execPath,
        args: ['--expose-gc', join(PACKAGE_ROOT, 'dist', 'host', 'serve.js'), module],
        env: { ...env, ...program.env },
      };
    }
    case 'python':
      return {
        file: around.python,
        args: ['-B', join(PYTHON_DIRECTORY, program.script), ...(program.args ?? [])],
        env,
      };
    case 'native': {
      const file = around.native[program.name];
      if (file === undefined) throw new Error(`${program.name} was not built`);
      return { file, args: [], env };
    }
  }
}
