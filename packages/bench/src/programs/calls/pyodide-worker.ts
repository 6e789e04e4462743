// Calls of pyodide in a Worker, through MessagePort.

import { Worker } from 'node:worker_threads';
import type { Opened } from '../../host/protocol.js';
import { asyncCalls } from '../loops.js';

type Done = (value: number) => void;

export async function open(): Promise<Opened> {
  const worker = new Worker(new URL('./pyodide-worker-thread.js', import.meta.url));
  const version = await new Promise<string>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const waiting: Done[] = [];
  worker.on('message', (value: number) => waiting.shift()?.(value));
  const add = (a: number, b: number): Promise<number> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      worker.postMessage([a, b]);
    });
  return { version, workloads: asyncCalls(add), close: () => worker.terminate() };
}
