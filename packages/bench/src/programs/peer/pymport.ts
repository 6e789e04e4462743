// pymport: CPython in the process, one GIL, Python objects as JavaScript objects.

import { peerVersion, pythonDirectory, requirePeer } from './surroundings.js';

/** A Python object as pymport shows it. */
export interface PyObject {
  get(name: string): PyObject;
  call(...args: unknown[]): PyObject;
  callAsync(...args: unknown[]): Promise<PyObject>;
  toJS(): unknown;
}

/** The library with one module imported. */
export interface Pymport {
  readonly version: string;
  readonly module: PyObject;
}

export function openPymport(module = 'bench_functions'): Pymport {
  const { pymport } = requirePeer<{ pymport: (name: string) => PyObject }>('pymport', 'pymport');
  pymport('sys').get('path').get('insert').call(0, pythonDirectory());
  return { version: peerVersion('pymport', 'pymport'), module: pymport(module) };
}
