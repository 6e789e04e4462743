// Interpreters that nobody holds any more: the object goes, the interpreter stays until it is closed.

import { readdirSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Interpreter } from '@multicore-python/interpreters';
import { expect, test } from 'vitest';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

async function collected(reference: WeakRef<object>): Promise<boolean> {
  for (let tries = 0; tries < 50; tries += 1) {
    // What `deref` has shown is kept until this turn ends: collect in the next.
    await turn();
    gc();
    if (reference.deref() === undefined) return true;
  }
  return false;
}

async function create(name: string): Promise<WeakRef<Interpreter>> {
  const py = await Interpreter.create({ name });
  await py.exec('kept = 1');
  return new WeakRef(py);
}

test('the object of a closed interpreter is collected', async () => {
  const close = async (): Promise<WeakRef<Interpreter>> => {
    const py = await Interpreter.create();
    await py.close();
    return new WeakRef(py);
  };
  expect(await collected(await close())).toBe(true);
});

test('an interpreter can be found again after its object was collected', async () => {
  expect(await collected(await create('kept'))).toBe(true);
  const found = Interpreter.get('kept');
  expect(await found?.evaluate('kept')).toBe(1);
  expect(Interpreter.get('kept')).toBe(found);
  await found?.close();
});

test('a running job holds its interpreter', async () => {
  const start = async (): Promise<{ running: Promise<unknown>; reference: WeakRef<object> }> => {
    const py = await Interpreter.create();
    return { running: py.evaluate('[n for n in range(100_000)][-1]'), reference: new WeakRef(py) };
  };
  const { running, reference } = await start();
  await collected(reference);
  expect(await running).toBe(99_999);
});

test('native handles do not add up', async () => {
  await Interpreter.create({ name: 'looked-up' });
  for (let round = 0; round < 2000; round += 1) Interpreter.list();
  gc();
  await turn();
  const found = Interpreter.get('looked-up');
  expect(await found?.evaluate('1')).toBe(1);
  await found?.close();
});

// Each has a pipe, and threads of the process share one limit of open files.
test.runIf(process.platform === 'linux')(
  'a closed interpreter is let go of before the deadline of its close',
  async () => {
    const openFiles = (): number => readdirSync('/proc/self/fd').length;
    const end = async (): Promise<void> => {
      const py = await Interpreter.create();
      await py.close({ timeout: 3_600_000 });
    };
    await end();
    for (let tries = 0; tries < 50; tries += 1) {
      gc();
      await turn();
    }
    const before = openFiles();
    for (let round = 0; round < 8; round += 1) await end();
    for (let tries = 0; tries < 50 && openFiles() > before; tries += 1) {
      await turn();
      gc();
    }
    expect(openFiles()).toBeLessThanOrEqual(before);
  },
);
