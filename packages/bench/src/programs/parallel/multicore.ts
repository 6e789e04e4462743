// CPU-bound Python on interpreters of @multicore-python/interpreters.

import type { Interpreter } from '@multicore-python/interpreters';
import type { Opened, Workload } from '../../host/protocol.js';
import { interpreter, version } from '../peer/multicore.js';
import { EQUAL, share, type Task, UNEVEN, WORKERS, weak } from './tasks.js';

export async function open(): Promise<Opened> {
  const pool: Interpreter[] = [];
  const take = async (count: number): Promise<Interpreter[]> => {
    while (pool.length < count) pool.push(await interpreter());
    return pool.slice(0, count);
  };
  const work =
    (count: number, tasks: readonly Task[]): Workload =>
    async () =>
      await share(await take(count), tasks, (py, task) =>
        py.call<number>('bench_work:count_primes', task),
      );
  const tiny =
    (count: number): Workload =>
    async (n) => {
      // As many calls in flight per interpreter as keep it busy.
      const lanes = (await take(count)).flatMap((py) => Array<Interpreter>(64).fill(py));
      const tasks = Array.from({ length: n }, (_, index) => index & 63);
      return await share(lanes, tasks, (py, task) => py.call<number>('bench_work:tiny', [task]));
    };
  return {
    version,
    workloads: Object.fromEntries(
      WORKERS.flatMap((count): [string, Workload][] => [
        [`equal-${count}`, work(count, EQUAL)],
        [`uneven-${count}`, work(count, UNEVEN)],
        [`weak-${count}`, work(count, weak(count))],
        [`tiny-${count}`, tiny(count)],
      ]),
    ),
    close: () => Promise.all(pool.map((py) => py.close())),
  };
}
