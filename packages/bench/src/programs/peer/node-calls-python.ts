// node-calls-python: CPython in the process, one GIL.

import { join } from 'node:path';
import { peerVersion, pythonDirectory, requirePeer } from './surroundings.js';

interface Interpreter {
  importSync(file: string): object;
  callSync(module: object, name: string, ...args: unknown[]): unknown;
  call(module: object, name: string, ...args: unknown[]): Promise<unknown>;
}

/** The library with one module imported. */
export interface NodeCallsPython {
  readonly version: string;
  readonly py: Interpreter;
  readonly module: object;
}

export function openNodeCallsPython(module = 'bench_functions'): NodeCallsPython {
  const { interpreter } = requirePeer<{ interpreter: Interpreter }>(
    'node-calls-python',
    'node-calls-python',
  );
  return {
    version: peerVersion('node-calls-python', 'node-calls-python'),
    py: interpreter,
    module: interpreter.importSync(join(pythonDirectory(), `${module}.py`)),
  };
}
