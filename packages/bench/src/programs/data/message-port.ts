// Memory that moves to a Worker and back: what Node itself has.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Opened, Workload } from '../../host/protocol.js';
import { SHARED_SIZES, timed } from './values.js';

export async function open(): Promise<Opened> {
  const worker = new Worker(new URL('./message-port-thread.js', import.meta.url));
  await once(worker, 'online');
  const moved =
    (bytes: number): Workload =>
    (n) => {
      let there = new Uint8Array(bytes);
      return timed(n, async () => {
        worker.postMessage(there, [there.buffer]);
        [there] = (await once(worker, 'message')) as [typeof there];
        return there.byteLength;
      });
    };
  return {
    version: process.versions.node,
    workloads: Object.fromEntries(
      Object.entries(SHARED_SIZES).map(([name, bytes]) => [`transfer-${name}`, moved(bytes)]),
    ),
    close: () => worker.terminate(),
  };
}
