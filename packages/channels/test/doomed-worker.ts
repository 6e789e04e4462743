// A Worker that takes hold of something that is shared and then waits to be terminated. No tests here.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';

/**
 * Runs `code` in a Worker with an interpreter of its own and with `meeting`, the interpreter of that name;
 * what it gives stays alive in there. Resolves when the Worker has it.
 */
export async function workerThatHolds(code: string): Promise<Worker> {
  const worker = new Worker(
    `
const { workerData, parentPort } = require('node:worker_threads');
(async () => {
  const { Interpreter } = await import(workerData.interpreters);
  await import(workerData.channels);
  await Interpreter.create();
  const meeting = Interpreter.get('meeting');
  globalThis.held = await (async () => { ${code} })();
  parentPort.postMessage('holds');
  setInterval(() => {}, 1000);
})().catch((error) => parentPort.postMessage(String(error.stack)));
`,
    {
      eval: true,
      workerData: {
        interpreters: import.meta.resolve('../../interpreters/dist/index.js'),
        channels: import.meta.resolve('../dist/index.js'),
      },
    },
  );
  expect(await once(worker, 'message')).toEqual(['holds']);
  return worker;
}
