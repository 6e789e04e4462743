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
  /** Converts what a call would take for keyword arguments: a plain object in the last place. */
  fromJS(value: unknown): PyObject;
}

export function openPymport(module = 'bench_functions'): Pymport {
  const { pymport, PyObject } = requirePeer<{
    pymport: (name: string) => PyObject;
    PyObject: { fromJS(value: unknown): PyObject };
  }>('pymport', 'pymport');
  pymport('sys').get('path').get('insert').call(0, pythonDirectory());
  return {
    version: peerVersion('pymport', 'pymport'),
    module: pymport(module),
    fromJS: (value) => PyObject.fromJS(value),
  };
}
