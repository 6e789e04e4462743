// pythonia (JSPyBridge): a child process, JSON over pipes, objects by reference.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { peerDirectory, peerVersion, python, pythonDirectory } from './surroundings.js';

/** A Python function as pythonia shows it; with `$` after its name it takes keyword arguments last. */
export type Remote = (...args: unknown[]) => Promise<unknown>;

/** The library with one module imported. */
export interface Pythonia {
  readonly version: string;
  readonly module: Readonly<Record<string, Remote>>;
  exit(): void;
}

export async function openPythonia(): Promise<Pythonia> {
  process.env['PYTHON_BIN'] = python();
  const entry = join(peerDirectory('pythonia'), 'node_modules/pythonia/src/pythonia/index.js');
  const { default: library } = (await import(pathToFileURL(entry).href)) as {
    default: {
      python: ((file: string) => Promise<Readonly<Record<string, Remote>>>) & { exit(): void };
    };
  };
  return {
    version: peerVersion('pythonia', 'pythonia'),
    module: await library.python(join(pythonDirectory(), 'bench_functions.py')),
    exit: () => library.python.exit(),
  };
}
