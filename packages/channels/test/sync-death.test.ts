// What becomes of those who wait when the one who holds dies: its interpreter ends, or its Worker is
// terminated. The README's table, cell by cell, seen from both languages.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Barrier,
  Condition,
  Event,
  Guard,
  Lock,
  type Primitive,
  Semaphore,
} from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workerThatHolds } from './doomed-worker.js';

/** Everybody who waits does so in an interpreter named `meeting`, and in JavaScript. */
let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create({ name: 'meeting' });
  await py.exec('from multicore.sync import *');
});
afterAll(() => py.close());

/** Who holds does this, and waits afterwards for its end: JavaScript, and Python in an interpreter. */
const HOLDS: Record<
  string,
  { make: () => Promise<Primitive> | Primitive; python: string; node?: string }
> = {
  Lock: { make: () => new Lock(), python: 'it.acquire()', node: 'it.acquire()' },
  RLock: { make: () => py.evaluate<Primitive>('RLock()'), python: 'it.acquire(); it.acquire()' },
  Semaphore: { make: () => new Semaphore(1), python: 'it.acquire()', node: 'it.acquire()' },
  Condition: { make: () => new Condition(), python: 'it.acquire()', node: 'it.lock.acquire()' },
  Barrier: {
    make: () => new Barrier(4),
    python: 'import threading; threading.Thread(target=it.wait).start()',
    node: '(it.wait().catch(() => {}), undefined)',
  },
  Event: {
    make: () => new Event(),
    python: 'import threading; threading.Thread(target=it.wait).start()',
    node: '(it.wait().catch(() => {}), undefined)',
  },
};

const waitsInPython = (it: Primitive): Promise<string> =>
  py
    .exec(
      it instanceof Barrier || it instanceof Event ? 'it.wait()' : 'it.acquire(); it.release()',
      {
        bind: { it },
      },
    )
    .then(
      () => 'goes on',
      ({ message }: Error) => message.split(':')[0] ?? '',
    );

const waitsHere = (it: Primitive): Promise<string> => {
  const waiting: Promise<unknown> =
    it instanceof Barrier || it instanceof Event
      ? it.wait()
      : (it instanceof Condition ? it.lock : (it as Lock | Semaphore)).acquire();
  return waiting.then(
    (got) => {
      if (got instanceof Guard) got.release();
      return 'goes on';
    },
    ({ name }: Error) => name,
  );
};

/** What is to become of who waits in Python and here: the README's table. */
function cells(): Map<string, string> {
  const text = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const section = text.split('### When a holder dies\n')[1]?.split(/\n#/)[0] ?? '';
  const rows = section.split('\n').filter((line) => /^\| `/.test(line));
  return new Map(
    rows.map((row) => {
      const [name = '', , what = ''] = row
        .slice(1)
        .split('|')
        .map((cell) => cell.trim());
      return [name.replaceAll('`', ''), what.replaceAll('`', '')];
    }),
  );
}

async function expectDeath(
  name: string,
  it: Primitive,
  die: () => Promise<unknown>,
): Promise<void> {
  const waits = Promise.all([waitsInPython(it), waitsHere(it)]);
  // Both wait: what they do next is not up to them.
  if (it instanceof Barrier) await expect.poll(() => it.waiting).toBe(3);
  else await new Promise((resolve) => setTimeout(resolve, 30));
  await die();
  if (it instanceof Event) it.set();
  const [python, here] = await waits;
  expect(`${python} in Python, ${here} in TypeScript`).toBe(cells().get(name));
}

test('every primitive has a row', () => {
  expect([...cells().keys()].sort()).toEqual(Object.keys(HOLDS).sort());
});

describe('the interpreter that holds it ends', () => {
  test.each(Object.entries(HOLDS))('%s', async (name, { make, python }) => {
    const [it, doomed] = [await make(), await Interpreter.create()];
    await doomed.exec(python, { bind: { it } });
    await expectDeath(name, it, () => doomed.close({ timeout: 50 }));
  });
});

describe('the Worker that holds it is terminated', () => {
  const inWorkers = Object.entries(HOLDS).filter(([, { node }]) => node !== undefined);
  test.each(inWorkers)('%s', async (name, { make, node }) => {
    const it = await make();
    await py.exec('globals()["it"] = shared', { bind: { shared: it } });
    const worker = await workerThatHolds(
      `const it = await meeting.evaluate('it'); return [it, await ${node}];`,
    );
    await expectDeath(name, it, () => worker.terminate());
  });
});
