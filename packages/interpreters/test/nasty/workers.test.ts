// Workers that are terminated at bad moments: they take their own interpreters along and nothing else.

import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Interpreter } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { outcomeOf } from './outcome.js';

const entry = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** Starts a Worker that runs `program`, and waits until that says it is ready. */
async function start(program: string): Promise<Worker> {
  const worker = new Worker(
    `(async () => {
      const { Interpreter } = await import(${JSON.stringify(entry)});
      const { parentPort } = require('node:worker_threads');
      const ready = () => parentPort.postMessage('ready');
      setInterval(() => {}, 1000);
      ${program}
    })()`,
    { eval: true },
  );
  await once(worker, 'message');
  return worker;
}

const names = (): string[] => Interpreter.list().map(({ name }) => name);

describe('terminated', () => {
  test.each([
    ['in a job', "py.exec('while True: pass').catch(() => {}); ready();"],
    ['in a C call', "py.exec('sum(range(10**12))').catch(() => {}); ready();"],
    ['in a sleep', "py.exec('import time; time.sleep(10**6)').catch(() => {}); ready();"],
    [
      'with a thread',
      "await py.exec('import threading\\ndef f():\\n  while True: pass\\nthreading.Thread(target=f).start()'); ready();",
    ],
    ['after synchronous calls', "py.evaluateSync('1'); ready();"],
    [
      'in a callback',
      "py.call('builtins:print', [() => new Promise(() => {})]).catch(() => {}); ready();",
    ],
    [
      'with a coroutine',
      "await py.exec('import asyncio\\nasync def f(): await asyncio.sleep(10**6)'); py.call('f').catch(() => {}); ready();",
    ],
    ['while one is created', 'for (let n = 0; n < 5; n += 1) Interpreter.create(); ready();'],
  ])('%s', async (_name, program) => {
    await using py = await Interpreter.create();
    const before = names();
    const worker = await start(
      `const py = await Interpreter.create({ stderr: 'ignore', stdout: 'ignore' }); ${program}`,
    );
    await worker.terminate();
    await expect.poll(names, { timeout: 20_000 }).toEqual(before);
    expect(await py.evaluate('1 + 1')).toBe(2);
  });

  test('with thread states in an interpreter of the main thread, which can be closed', async () => {
    const py = await Interpreter.create({ name: 'of-main' });
    const worker = await start(
      "await Interpreter.main(); Interpreter.get('of-main').evaluateSync('1 + 1'); ready();",
    );
    await worker.terminate();
    expect(py.evaluateSync('1 + 1')).toBe(2);
    expect(await py.close({ timeout: 10_000 })).toEqual({ abandoned: null });
  });

  test('a Worker that lives gives its thread state back when the interpreter closes', async () => {
    const py = await Interpreter.create({ name: 'of-main-2' });
    const worker = await start(
      "await Interpreter.main(); Interpreter.get('of-main-2').evaluateSync('1 + 1'); ready();",
    );
    expect(await py.close({ timeout: 10_000 })).toEqual({ abandoned: null });
    await worker.terminate();
  });

  test('while it calls, synchronously and without end: interrupt() frees it', async () => {
    const worker = await start(
      "const py = await Interpreter.create({ name: 'stuck' }); ready(); py.execSync('while True: pass');",
    );
    const terminated = worker.terminate();
    const timer = setInterval(() => Interpreter.get('stuck')?.interrupt(), 20);
    await terminated;
    clearInterval(timer);
    await expect.poll(names, { timeout: 20_000 }).not.toContain('stuck');
  });
});

test('many environments, each with its own', { timeout: 120_000 }, async () => {
  const workers = await Promise.all(
    Array.from({ length: 6 }, () =>
      start("const py = await Interpreter.create(); await py.exec('import json'); ready();"),
    ),
  );
  expect(names().length).toBeGreaterThanOrEqual(7);
  await Promise.all(workers.map((worker) => worker.terminate()));
  await expect.poll(names, { timeout: 20_000 }).toEqual(['main']);
});

test('a job that another environment runs makes an interpreter busy, not broken', async () => {
  await using py = await Interpreter.create({ name: 'shared' });
  const worker = await start(
    "await Interpreter.main(); Interpreter.get('shared').exec('import time; time.sleep(0.3)').catch(() => {}); ready();",
  );
  expect((await outcomeOf(py.exec('pass'))).kind).toBe('ok');
  await worker.terminate();
  expect(await py.evaluate('1 + 1')).toBe(2);
});
