// MessagePort between the main thread and a Worker: what Node itself has.

import { Worker } from 'node:worker_threads';
import type { Opened, Workload } from '../../host/protocol.js';
import { NODE_PAYLOADS, weigh } from './payloads.js';

export async function open(): Promise<Opened> {
  const worker = new Worker(new URL('./message-port-thread.js', import.meta.url));
  await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });

  const toWorker =
    (payload: string): Workload =>
    (n) =>
      new Promise((resolve) => {
        worker.once('message', resolve);
        worker.postMessage({ receive: n });
        const value = NODE_PAYLOADS[payload];
        for (let i = 0; i < n; i += 1) worker.postMessage(value);
      });

  const fromWorker =
    (payload: string): Workload =>
    (n) =>
      new Promise((resolve) => {
        let left = n;
        let sum = 0;
        const take = (value: unknown): void => {
          sum += weigh(value);
          left -= 1;
          if (left > 0) return;
          worker.off('message', take);
          resolve(sum);
        };
        worker.on('message', take);
        worker.postMessage({ send: n, value: NODE_PAYLOADS[payload] });
      });

  const roundTrip: Workload = (n) =>
    new Promise((resolve) => {
      let i = 0;
      let sum = 0;
      const next = (value: number): void => {
        sum += value;
        i += 1;
        if (i < n) worker.postMessage(i & 63);
        else {
          worker.off('message', next);
          worker.postMessage({ idle: true });
          resolve(sum);
        }
      };
      worker.on('message', next);
      worker.postMessage({ echo: true });
      worker.postMessage(0);
    });

  return {
    version: process.versions.node,
    workloads: {
      'node-to-python': toWorker('int'),
      'python-to-node': fromWorker('int'),
      'node-to-python-text': toWorker('text'),
      'python-to-node-text': fromWorker('text'),
      'node-to-python-bytes': toWorker('bytes'),
      'python-to-node-bytes': fromWorker('bytes'),
      'node-round-trip': roundTrip,
      'node-to-node': toWorker('int'),
    },
    close: () => worker.terminate(),
  };
}
