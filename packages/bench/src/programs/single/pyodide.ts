// The single-threaded programs in pyodide.

import type { Opened, Workload } from '../../host/protocol.js';
import { openPyodide, type PyProxy } from '../peer/pyodide.js';
import { PROGRAMS } from './programs.js';

export async function open(): Promise<Opened> {
  const pyodide = await openPyodide('bench_programs');
  const run = pyodide.pyimport('bench_programs')['run'] as PyProxy;
  return {
    version: pyodide.version,
    workloads: Object.fromEntries(
      PROGRAMS.map((name): [string, Workload] => [
        name,
        (n) => {
          const result = run(name, n);
          return typeof result === 'number' ? result : (result as PyProxy).toJs();
        },
      ]),
    ),
  };
}
