// CPU-bound Python on Piscina: each of its threads has a Python child process of its own, through
// python-shell.

import { availableParallelism } from 'node:os';
import type { Opened, Workload } from '../../host/protocol.js';
import { peerVersion, requirePeer } from '../peer/surroundings.js';
import { EQUAL, type Task, UNEVEN, WORKERS, weak } from './tasks.js';

interface Pool {
  run(task: readonly [string, readonly unknown[]]): Promise<number>;
  destroy(): Promise<void>;
}

export async function open(): Promise<Opened> {
  const { Piscina } = requirePeer<{ Piscina: new (options: object) => Pool }>('piscina', 'piscina');
  const pools = new Map<number, Pool>();
  const poolOf = (count: number): Pool => {
    const there = pools.get(count);
    if (there !== undefined) return there;
    const pool = new Piscina({
      filename: new URL('./piscina-thread.js', import.meta.url).href,
      minThreads: count,
      maxThreads: count,
      idleTimeout: Number.POSITIVE_INFINITY,
    });
    pools.set(count, pool);
    return pool;
  };
  const work =
    (count: number, name: string, tasks: (n: number) => readonly unknown[][]): Workload =>
    async (n) => {
      const pool = poolOf(count);
      const results = await Promise.all(tasks(n).map((args) => pool.run([name, args])));
      return results.reduce((sum, value) => sum + value, 0);
    };
  const fixed = (tasks: readonly Task[]) => (): unknown[][] => tasks.map((task) => [...task]);
  return {
    version: peerVersion('piscina', 'piscina'),
    workloads: Object.fromEntries(
      WORKERS.filter((count) => count <= Math.max(2, availableParallelism())).flatMap(
        (count): [string, Workload][] => [
          [`equal-${count}`, work(count, 'count_primes', fixed(EQUAL))],
          [`uneven-${count}`, work(count, 'count_primes', fixed(UNEVEN))],
          [`weak-${count}`, work(count, 'count_primes', fixed(weak(count)))],
          [
            `tiny-${count}`,
            work(count, 'tiny', (n) => Array.from({ length: n }, (_, index) => [index & 63])),
          ],
        ],
      ),
    ),
    close: () => Promise.all([...pools.values()].map((pool) => pool.destroy())),
  };
}
