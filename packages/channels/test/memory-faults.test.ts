// Memory whose owner goes away at a bad moment: interpreters that end, Workers that are terminated,
// objects that are collected.

import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { channel, releaseView, transfer } from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';
import { expect, test } from 'vitest';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

async function collect(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    gc();
    await sleep(5);
  }
}

test('an interpreter waits for a view of its memory to be let go', async () => {
  const py = await Interpreter.create();
  const view = await py.evaluate<Uint8Array>('memoryview(bytes(100_000))');
  const closed = py.close({ timeout: 20_000 });
  await sleep(50);
  expect(view[5]).toBe(0);
  expect(py.state).toBe('closing');
  releaseView(view);
  expect(await closed).toMatchObject({ abandoned: null });
});

test('an interpreter whose view is kept is left behind, and the view stays whole', async () => {
  const py = await Interpreter.create();
  const view = await py.evaluate<Uint8Array>('memoryview(b"x" * 100_000)');
  const { abandoned } = await py.close({ timeout: 50 });
  expect(abandoned).toMatch(/1 view\(s\) of its memory are still in use/);
  await collect();
  expect(view.every((byte) => byte === 120)).toBe(true);
});

test('a collected view lets its interpreter end', async () => {
  const py = await Interpreter.create();
  await (async () => {
    for (let n = 0; n < 100; n++) await py.evaluate('memoryview(bytes(10_000))');
  })();
  await collect();
  expect(await py.close({ timeout: 10_000 })).toMatchObject({ abandoned: null });
});

test('a view in another interpreter goes with that interpreter', async () => {
  const [owner, reader] = await Promise.all([Interpreter.create(), Interpreter.create()]);
  const { sender, receiver } = channel({ capacity: 1 });
  await owner.exec('sender.send(memoryview(bytes(1000)))', { bind: { sender } });
  await reader.exec('view = receiver.recv()', { bind: { receiver } });
  const closed = owner.close({ timeout: 20_000 });
  await sleep(30);
  expect(owner.state).toBe('closing');
  await reader.close();
  expect(await closed).toMatchObject({ abandoned: null });
});

test('views and transfers in messages that nobody receives are let go with their channel', async () => {
  const py = await Interpreter.create();
  {
    const { sender, receiver } = channel({ capacity: 10 });
    await py.exec(
      `
from multicore.channels import transfer
for _ in range(3):
    sender.send(memoryview(bytes(1000)))
    sender.send(transfer(bytearray(1000)))
`,
      { bind: { sender } },
    );
    await py.exec('del sender');
    receiver.poison('enough');
    sender.close();
    receiver.close();
  }
  expect(await py.close({ timeout: 10_000 })).toMatchObject({ abandoned: null });
});

test('what Python keeps of collected memory of JavaScript stays', async () => {
  const py = await Interpreter.create();
  await (async () => {
    const shared = new Int32Array(new SharedArrayBuffer(400_000)).fill(7);
    await py.exec('shared = x', { bind: { x: shared } });
    await py.exec('moved = x', { bind: { x: transfer(new Uint8Array(400_000).fill(9)) } });
  })();
  await collect();
  const fill = Array.from({ length: 50 }, () => new Uint8Array(400_000).fill(1));
  expect(await py.evaluate('set(shared) == {7} and set(moved) == {9}')).toBe(true);
  expect(fill.length).toBe(50);
  await py.close();
});

test('memory of a Worker outlives it where Python uses it', async () => {
  const py = await Interpreter.create({ name: 'keeper' });
  await py.exec('kept = []');
  for (let round = 0; round < 3; round++) {
    const worker = new Worker(
      `
const { workerData, parentPort } = require('node:worker_threads');
(async () => {
  const { Interpreter } = await import(workerData.interpreters);
  const { transfer } = await import(workerData.channels);
  await Interpreter.create();
  const py = Interpreter.get('keeper');
  const shared = new Uint8Array(new SharedArrayBuffer(1_000_000)).fill(5);
  await py.exec('kept.append(x)', { bind: { x: shared } });
  await py.exec('kept.append(x)', { bind: { x: transfer(new Uint8Array(1_000_000).fill(6)) } });
  const lost = await py.evaluate('memoryview(bytes(1000))');
  parentPort.postMessage('ready');
  setInterval(() => lost, 1000);
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
    const message = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(message).toBe('ready');
    await worker.terminate();
  }
  await collect();
  const fill = Array.from({ length: 20 }, () => new Uint8Array(1_000_000).fill(1));
  expect(await py.evaluate('[set(view) for view in kept] == [{5}, {6}] * 3')).toBe(true);
  const back = await py.evaluate<Uint8Array>('kept[1]');
  expect(back.every((byte) => byte === 6)).toBe(true);
  const shared = await py.evaluate<Uint8Array>('kept[0]');
  shared[0] = 1;
  expect(await py.evaluate('kept[0][0]')).toBe(1);
  expect(fill.length).toBe(20);
  releaseView(shared);
  await collect();
  expect(await py.close({ timeout: 10_000 })).toMatchObject({ abandoned: null });
});

test('views go round between threads while everything is collected', async () => {
  const pool = await Promise.all([Interpreter.create(), Interpreter.create()]);
  const { sender, receiver } = channel<Uint8Array>({ capacity: 4 });
  const jobs = pool.map((py) =>
    py.exec(
      `
from multicore.channels import transfer
import gc
for n in range(200):
    sender.send(memoryview(bytes([n % 256]) * 2000) if n % 2 else transfer(bytearray([n % 256]) * 2000))
    if n % 50 == 0: gc.collect()
del sender
`,
      { bind: { sender } },
    ),
  );
  let wrong = 0;
  for (let n = 0; n < 400; n++) {
    const array = await receiver.receive();
    if (array.length !== 2000 || array.some((byte) => byte !== array[0])) wrong++;
    if (n % 40 === 0) gc();
  }
  await Promise.all(jobs);
  expect(wrong).toBe(0);
  await collect();
  for (const py of pool)
    expect(await py.close({ timeout: 10_000 })).toMatchObject({ abandoned: null });
});
