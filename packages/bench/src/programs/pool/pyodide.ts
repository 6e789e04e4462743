// The pool suite on pyodide: each Worker has an interpreter in WebAssembly of its own.

import { Worker } from 'node:worker_threads';
import type { Opened } from '../../host/protocol.js';
import { peerVersion } from '../peer/surroundings.js';
import { type Lane, warm } from './lanes.js';
import { poolWorkloads } from './workloads.js';

async function lane(): Promise<Lane> {
  const worker = new Worker(new URL('../parallel/pyodide-thread.js', import.meta.url));
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  const waiting: ((value: number) => void)[] = [];
  worker.on('message', (value: number) => waiting.shift()?.(value));
  return {
    call: (name, args) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        worker.postMessage([name, args]);
      }),
    close: () => worker.terminate(),
  };
}

export async function open(): Promise<Opened> {
  const { workloads, close } = poolWorkloads(async (workers) =>
    warm(await Promise.all(Array.from({ length: workers }, lane))),
  );
  return { version: peerVersion('pyodide', 'pyodide'), workloads, close };
}
