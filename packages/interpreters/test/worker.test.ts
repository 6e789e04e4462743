// Interpreters in worker_threads: each environment owns what it created.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Interpreter } from '@multicore-python/interpreters';
import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url));

const start = (program: string): Worker =>
  new Worker(
    `(async () => { const { Interpreter } = await import(${JSON.stringify(entry)}); const { parentPort } = require('node:worker_threads'); ${program} })()`,
    {
      eval: true,
    },
  );

test('a worker creates its own, and its end closes them', async () => {
  await using py = await Interpreter.create();
  const worker = start(
    "const py = await Interpreter.create({ name: 'in-worker' }); parentPort.postMessage(await py.evaluate('6 * 7'));",
  );
  const exited = once(worker, 'exit');
  expect(await once(worker, 'message')).toEqual([42]);
  await exited;
  await expect.poll(() => Interpreter.list().map(({ name }) => name)).not.toContain('in-worker');
  expect(await py.evaluate<number>('1 + 1')).toBe(2);
});

test('a worker that is terminated in the middle of Python hurts nobody', async () => {
  await using py = await Interpreter.create();
  const worker = start(
    "const py = await Interpreter.create({ name: 'terminated' }); py.exec('while True: pass'); parentPort.postMessage('runs');",
  );
  await once(worker, 'message');
  await worker.terminate();
  await expect
    .poll(() => Interpreter.list().map(({ name }) => name), { timeout: 10_000 })
    .not.toContain('terminated');
  expect(await py.evaluate<number>('1 + 1')).toBe(2);
});

test('a worker that started nothing sees and uses what others created', async () => {
  await using py = await Interpreter.create({ name: 'of-main' });
  const worker = start(
    `const names = Interpreter.list().map(({ name }) => name);
     const found = Interpreter.get('of-main');
     parentPort.postMessage([names.includes('main'), names.includes('of-main'), found === Interpreter.get(found.id), await found.evaluate('6 * 7'), found.evaluateSync('1 + 1')]);`,
  );
  const exited = once(worker, 'exit');
  expect(await once(worker, 'message')).toEqual([[true, true, true, 42, 2]]);
  await exited;
  // What it found is not its own: its end closes nothing.
  expect(await py.evaluate('2 + 2')).toBe(4);
});

test('where nothing runs, nothing is listed, and a CPython can still be chosen', () => {
  const program = `
    import { Interpreter, configure, pythonInfo } from ${JSON.stringify(entry)};
    const before = Interpreter.list().length;
    configure({ python: pythonInfo().executable });
    const py = await Interpreter.create();
    console.log(before, Interpreter.list().length, await py.evaluate('6 * 7'));
    await py.close();
  `;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  );
  expect([stdout, stderr]).toEqual(['0 2 42\n', '']);
});
