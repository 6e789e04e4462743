// Calls through pyodide on the main thread. It has no calls on other threads: the async ones are
// these with a promise around, which is what its users write.

import type { Opened } from '../../host/protocol.js';
import { exceptions, freshFloats, keywords, smallInts } from '../loops.js';
import { openPyodide, type PyProxy } from '../peer/pyodide.js';

export async function open(): Promise<Opened> {
  const pyodide = await openPyodide('bench_functions');
  const functions = pyodide.pyimport('bench_functions');
  const add = functions['add'] as PyProxy;
  const scaled = functions['scaled'] as PyProxy;
  const fail = functions['fail'] as PyProxy;
  const call = (a: number, b: number): number => add(a, b) as number;
  return {
    version: pyodide.version,
    workloads: {
      'sync-small': smallInts(call),
      'sync-fresh': freshFloats(call),
      'sync-kwargs': keywords((value, factor) => scaled.callKwargs({ value, factor }) as number),
      'sync-exception': exceptions((number) => fail(number)),
    },
  };
}
