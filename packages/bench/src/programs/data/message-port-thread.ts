// The Worker of message-port.ts: gives back what it gets.

import { parentPort } from 'node:worker_threads';

parentPort?.on('message', (there: Uint8Array<ArrayBuffer>) => {
  parentPort?.postMessage(there, [there.buffer]);
});
