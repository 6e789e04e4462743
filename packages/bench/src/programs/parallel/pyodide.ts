// CPU-bound Python on pyodide, one Worker with its own interpreter for each core.

import { Worker } from 'node:worker_threads';
import type { Opened, Workload } from '../../host/protocol.js';
import { EQUAL, share, type Task, UNEVEN } from './tasks.js';

interface Remote {
  run(name: string, args: readonly unknown[]): Promise<number>;
  end(): Promise<number>;
}

async function remote(): Promise<Remote & { readonly version: string }> {
  const worker = new Worker(new URL('./pyodide-thread.js', import.meta.url));
  const version = await new Promise<string>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const waiting: ((value: number) => void)[] = [];
  worker.on('message', (value: number) => waiting.shift()?.(value));
  return {
    version,
    run: (name, args) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        worker.postMessage([name, args]);
      }),
    end: () => worker.terminate(),
  };
}

export async function open(): Promise<Opened> {
  const workers = await Promise.all([remote(), remote()]);
  const work =
    (count: number, tasks: readonly Task[]): Workload =>
    () =>
      share(workers.slice(0, count), tasks, (worker, task) => worker.run('count_primes', task));
  return {
    version: workers[0].version,
    workloads: {
      'equal-1': work(1, EQUAL),
      'equal-2': work(2, EQUAL),
      'uneven-2': work(2, UNEVEN),
    },
    close: () => Promise.all(workers.map((worker) => worker.end())),
  };
}
