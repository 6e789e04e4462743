// CPU-bound Python through node-calls-python: its asynchronous calls run on the threads of libuv, and
// share one GIL.

import type { Opened, Workload } from '../../host/protocol.js';
import { openNodeCallsPython } from '../peer/node-calls-python.js';
import { EQUAL, share, type Task, UNEVEN } from './tasks.js';

export async function open(): Promise<Opened> {
  const { version, py, module } = openNodeCallsPython('bench_work');
  const work =
    (count: number, tasks: readonly Task[]): Workload =>
    () =>
      share(
        Array(count).fill(0),
        tasks,
        (_, task) => py.call(module, 'count_primes', ...task) as Promise<number>,
      );
  return {
    version,
    workloads: {
      'equal-1': work(1, EQUAL),
      'equal-2': work(2, EQUAL),
      'uneven-2': work(2, UNEVEN),
    },
  };
}
