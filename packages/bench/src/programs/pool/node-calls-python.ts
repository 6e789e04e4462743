// The pool suite on node-calls-python: one interpreter, whose calls run on the threads of libuv and
// share one GIL. There is no second worker to start.

import type { Opened } from '../../host/protocol.js';
import { openNodeCallsPython } from '../peer/node-calls-python.js';
import { laned } from './lanes.js';
import { poolWorkloads } from './workloads.js';

export async function open(): Promise<Opened> {
  const { version, py, module } = openNodeCallsPython('bench_work');
  const { workloads, close } = poolWorkloads(async (workers) =>
    laned(
      Array.from({ length: workers }, () => ({
        call: (name, args) => py.call(module, name, ...args) as Promise<number>,
        close: async () => {},
      })),
    ),
  );
  return { version, workloads, close };
}
