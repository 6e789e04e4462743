#!/usr/bin/env node
// Views, large bytes and transfers whose owners end at the worst moment: interpreters that are closed, or given
// up, while their memory is looked at, and Workers that are terminated in the middle of calls. Ends with `done`.
// To be run as it is, with MULTICORE_ARENA_RECLAIM=check, and under valgrind (docs/design/robustness.md):
//
//   node --expose-gc scripts/robust/views.mjs [rounds]

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { channel, releaseView, transfer } from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';

const ROUNDS = Number(process.argv[2] ?? 6);
const LARGE = 1 << 17;

const PARTIES = `
def fresh(length): return bytes(range(256)) * (length // 256)
def view(length): return memoryview(fresh(length))
def view_of_kept(length):
    global kept
    kept = fresh(length)
    return memoryview(kept)[5:-5]
def flood(sender, count):
    for index in range(count):
        sender.send((index, fresh(${LARGE}), memoryview(fresh(${LARGE}))))
def sink(receiver):
    held = []
    for message in receiver:
        held.append(message)
        del held[:-3]
def total(data): return sum(data[::4096])
`;

/** Two interpreters in the middle of things, and what JavaScript holds of theirs. */
async function party(seed) {
  const interpreters = await Promise.all([Interpreter.create(), Interpreter.create()]);
  const [one, other] = interpreters;
  for (const each of interpreters) await each.exec(PARTIES);
  const views = [];
  for (let index = 0; index < 4; index += 1) {
    const length = 1 << (14 + ((seed + index) % 6));
    const data = await one.call('__main__:fresh', [length]);
    data[0] = 255;
    await other.call('__main__:total', [data]);
    other.callSync('__main__:total', [data]);
    views.push(await one.call('__main__:view', [length]));
    views.push(one.callSync('__main__:view_of_kept', [length]));
    await other.call('__main__:total', [views.at(-1)]);
    await other.call('__main__:total', [transfer(new Uint8Array(length).fill(3))]);
  }
  const { sender, receiver } = channel({ capacity: 3 });
  // They end with their interpreters, as errors.
  one.call('__main__:flood', [sender, 1000]).catch(() => {});
  other.call('__main__:sink', [receiver]).catch(() => {});
  await sleep(5 + seed * 3);
  return { interpreters, views };
}

async function inWorker() {
  const { interpreters, views } = await party(workerData);
  parentPort.postMessage('up');
  // Until it is terminated.
  for (;;) {
    await interpreters[1].call('__main__:total', [new Uint8Array(LARGE)]).catch(() => sleep(1));
    if (views.length === 0) return;
  }
}

async function round(number) {
  const { interpreters, views } = await party(number);
  const closing = interpreters.map((each) => each.close({ timeout: 30 }).catch(() => {}));
  // One that was let go is empty.
  const whole = () =>
    views.every(
      (view) => view.length === 0 || view.every((byte, at) => byte === ((at + view[0]) & 255)),
    );
  if (!whole()) throw new Error('a view changed while its interpreter was being closed');
  if (number % 2 === 1) views.forEach(releaseView);
  globalThis.gc?.();
  await Promise.all(closing);
  if (!whole()) throw new Error('a view changed when its interpreter was closed');
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: number });
  const [up] = await new Promise((resolve, reject) => {
    worker.once('message', (message) => resolve([message]));
    worker.once('error', reject);
  });
  await sleep(number * 7);
  await worker.terminate();
  globalThis.gc?.();
  await sleep(5);
  console.log(`round ${number}: ${up}`);
}

if (isMainThread) {
  for (let number = 0; number < ROUNDS; number += 1) await round(number);
  console.log('done');
} else {
  await inWorker();
}
