// pyodide: CPython compiled to WebAssembly, in the process.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonDirectory, requirePeer } from './surroundings.js';

/** A Python object as pyodide shows it. */
export interface PyProxy {
  (...args: unknown[]): unknown;
  callKwargs(...args: unknown[]): unknown;
  toJs(options?: object): unknown;
  getBuffer(type?: string): { readonly data: Uint8Array; release(): void };
  destroy(): void;
}

/** A pyodide interpreter. */
export interface Pyodide {
  readonly version: string;
  readonly ffi: { readonly PyProxy: new () => PyProxy };
  readonly FS: { writeFile(path: string, data: string): void };
  runPython(source: string): unknown;
  pyimport(name: string): Readonly<Record<string, PyProxy>>;
  toPy(value: unknown): unknown;
}

/** Starts pyodide and puts a module of ours where it finds it. */
export async function openPyodide(...modules: string[]): Promise<Pyodide> {
  const { loadPyodide } = requirePeer<{ loadPyodide: (options: object) => Promise<Pyodide> }>(
    'pyodide',
    'pyodide',
  );
  const pyodide = await loadPyodide({ stdout: () => {} });
  for (const module of modules) {
    const source = readFileSync(join(pythonDirectory(), `${module}.py`), 'utf8');
    pyodide.FS.writeFile(`${module}.py`, source);
  }
  return pyodide;
}
