// What every pool of the pool suite is asked to do, whoever made it. python/pool_processes.py is the
// same for ProcessPoolExecutor.

import { availableParallelism } from 'node:os';
import { Timed, type Workload } from '../../host/protocol.js';
import { EQUAL, type Task, UNEVEN } from '../parallel/tasks.js';

/** How many workers a pool has that uses all cores. */
export const CORES: number = Math.min(8, 2 ** Math.floor(Math.log2(availableParallelism())));

/** A pool of workers that call functions of python/bench_work.py. */
export interface TaskPool {
  run(name: string, args: readonly unknown[]): Promise<number>;
  close(): Promise<unknown>;
}

/** Makes a pool; each of its workers has answered once. */
export type OpenPool = (workers: number) => Promise<TaskPool>;

/** A request that is worth a fraction of a millisecond of Python. */
const REQUEST: Task = [50_000, 50_040];
/** Requests in flight for each worker. */
const CLIENTS = 2;

/** All workloads on pools made by `open`, and what closes them. */
export function poolWorkloads(open: OpenPool): {
  readonly workloads: Readonly<Record<string, Workload>>;
  readonly close: () => Promise<unknown>;
} {
  const opened = new Map<number, Promise<TaskPool>>();
  const more: TaskPool[] = [];
  const pool = (workers: number): Promise<TaskPool> => {
    const there = opened.get(workers) ?? open(workers);
    opened.set(workers, there);
    return there;
  };
  const primes =
    (workers: number, tasks: readonly Task[]): Workload =>
    async () => {
      const { run } = await pool(workers);
      return sum(await Promise.all(tasks.map((task) => run('count_primes', task))));
    };
  const percentile =
    (part: number): Workload =>
    async (n) =>
      await latency(await pool(CORES), n, part);
  return {
    workloads: {
      'equal-1': primes(1, EQUAL),
      [`equal-${CORES}`]: primes(CORES, EQUAL),
      [`uneven-${CORES}`]: primes(CORES, UNEVEN),
      tiny: async (n) => {
        const { run } = await pool(CORES);
        return sum(await Promise.all(tinyItems(n).map((item) => run('tiny', [item]))));
      },
      warm: async (n) => {
        const { run } = await pool(CORES);
        let last = 0;
        for (let i = 0; i < n; i += 1) last = await run('tiny', [41]);
        return last;
      },
      'latency-p50': percentile(0.5),
      'latency-p99': percentile(0.99),
      start: async (n) => {
        let last = 0;
        for (let i = 0; i < n; i += 1) {
          const { run, close } = await open(CORES);
          last = await run('tiny', [41]);
          await close();
        }
        return last;
      },
      settle: async () => {
        more.push(await open(1));
        return 42;
      },
      'worker-memory': async (n) => {
        const made = await open(n);
        more.push(made);
        return await made.run('tiny', [41]);
      },
    },
    close: async () => {
      const pools = [...(await Promise.all(opened.values())), ...more];
      await Promise.all(pools.map((each) => each.close()));
    },
  };
}

/** What the tiny tasks are about. */
export function tinyItems(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index & 63);
}

/** So many requests by clients that each wait for their answer; `n` times the percentile. */
async function latency({ run }: TaskPool, n: number, part: number): Promise<Timed> {
  const times: number[] = [];
  let left = n;
  let found = 0;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const start = performance.now();
      found = await run('count_primes', REQUEST);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: CORES * CLIENTS }, client));
  times.sort((a, b) => a - b);
  const at = times[Math.min(n - 1, Math.floor(n * part))] ?? 0;
  return new Timed((at / 1000) * n, found);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
