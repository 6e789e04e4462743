// One more pyodide, in a Worker of its own.

import { Worker } from 'node:worker_threads';
import type { Opened } from '../../host/protocol.js';

async function started(): Promise<{ readonly worker: Worker; readonly version: string }> {
  const worker = new Worker(new URL('../calls/pyodide-worker-thread.js', import.meta.url));
  const version = await new Promise<string>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return { worker, version };
}

function used(worker: Worker): Promise<number> {
  return new Promise((resolve) => {
    worker.once('message', resolve);
    worker.postMessage([40, 2]);
  });
}

export async function open(): Promise<Opened> {
  const first = await started();
  const kept = [first.worker];
  return {
    version: first.version,
    workloads: {
      settle: () => used(first.worker),
      extra: async (n) => {
        let last = 0;
        for (let i = 0; i < n; i += 1) {
          const { worker } = await started();
          last = await used(worker);
          await worker.terminate();
        }
        return last;
      },
      'extra-memory': async (n) => {
        let last = 0;
        for (let i = 0; i < n; i += 1) {
          const { worker } = await started();
          kept.push(worker);
          last = await used(worker);
        }
        return last;
      },
    },
    close: () => Promise.all(kept.map((worker) => worker.terminate())),
  };
}
