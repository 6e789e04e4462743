// The Python API of `multicore`, used by Python code in an interpreter of the host.

import type { Opened, Workload } from '../../host/protocol.js';
import { interpreter, version } from '../peer/multicore.js';

const WORKLOADS = ['call', 'executor-map', 'pool-map'] as const;

export async function open(): Promise<Opened> {
  const py = await interpreter();
  return {
    version,
    workloads: Object.fromEntries(
      WORKLOADS.map((name): [string, Workload] => [
        name,
        (n) => py.call('bench_api:ours', [name, n]),
      ]),
    ),
    close: () => py.close({ timeout: 5_000 }),
  };
}
