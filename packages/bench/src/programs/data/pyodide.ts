// Values through pyodide, converted in full: a proxy alone would leave the work for later.

import type { Opened } from '../../host/protocol.js';
import { openPyodide, type PyProxy } from '../peer/pyodide.js';
import { carrying } from './values.js';

export async function open(): Promise<Opened> {
  const pyodide = await openPyodide('bench_functions');
  const functions = pyodide.pyimport('bench_functions');
  const size = functions['size'] as PyProxy;
  const kept = functions['kept'] as PyProxy;
  return {
    version: pyodide.version,
    workloads: carrying({
      size: (value) => {
        const there = pyodide.toPy(value);
        const answer = size(there);
        if (there instanceof pyodide.ffi.PyProxy) there.destroy();
        return answer;
      },
      kept: (name) => {
        const value = kept(name);
        if (typeof value === 'string') return value;
        const proxy = value as PyProxy;
        const converted = proxy.toJs({ create_proxies: false });
        proxy.destroy();
        return converted;
      },
      prepare: (name) => (functions['prepare'] as PyProxy)(name),
    }),
  };
}
