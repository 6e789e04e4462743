// The pool suite on InterpreterPool.

import { InterpreterPool } from '@multicore-python/interpreters';
import type { Opened } from '../../host/protocol.js';
import { version } from '../peer/multicore.js';
import { pythonDirectory } from '../peer/surroundings.js';
import { CORES, poolWorkloads, type TaskPool, tinyItems } from './workloads.js';

async function openPool(workers: number): Promise<TaskPool> {
  const pool = new InterpreterPool({ size: workers, path: [pythonDirectory()] });
  await pool.each('bench_work:tiny', [1]);
  return {
    run: (name, args) => pool.run<number>(`bench_work:${name}`, args),
    close: () => pool.close(),
  };
}

export async function open(): Promise<Opened> {
  const { workloads, close } = poolWorkloads(openPool);
  const mapped = new InterpreterPool({ size: CORES, path: [pythonDirectory()] });
  return {
    version,
    workloads: {
      ...workloads,
      'tiny-map': async (n) => {
        let sum = 0;
        const results = mapped.map<number, number>('bench_work:tiny', tinyItems(n));
        for await (const one of results) sum += one;
        return sum;
      },
    },
    close: () => Promise.all([close(), mapped.close()]),
  };
}
