// The single-threaded programs in an interpreter with a GIL of its own.

import type { Opened, Workload } from '../../host/protocol.js';
import { interpreter, version } from '../peer/multicore.js';
import { PROGRAMS } from './programs.js';

export async function open(): Promise<Opened> {
  const py = await interpreter();
  return {
    version,
    workloads: Object.fromEntries(
      PROGRAMS.map((name): [string, Workload] => [
        name,
        (n) => py.call('bench_programs:run', [name, n]),
      ]),
    ),
    close: () => py.close(),
  };
}
