// What the runner told this process about the machine, and modules from the peers' folders.

import { createRequire } from 'node:module';
import { join } from 'node:path';

function told(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: programs are started by the runner`);
  return value;
}

/** The Python executable. */
export const python = (): string => told('BENCH_PYTHON');

/** The shared library of that Python. */
export const libpython = (): string => told('BENCH_LIBPYTHON');

/** The folder of the Python programs. */
export const pythonDirectory = (): string => told('BENCH_PYTHON_DIRECTORY');

/** Where a peer is installed. */
export const peerDirectory = (peer: string): string => join(told('BENCH_PEERS'), peer);

/** Loads a peer's module: what it exports is known only to the caller. */
export function requirePeer<Module>(peer: string, module: string): Module {
  return createRequire(join(peerDirectory(peer), 'package.json'))(module) as Module;
}

/** The version of a peer's module. */
export function peerVersion(peer: string, module: string): string {
  const manifest = join(peerDirectory(peer), 'node_modules', module, 'package.json');
  return (createRequire(import.meta.url)(manifest) as { version: string }).version;
}
