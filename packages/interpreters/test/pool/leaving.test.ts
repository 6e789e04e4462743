// Who leaves while tasks are under way: the pool's owner, its thread, the whole process.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Interpreter } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { PYTHON, rejection, testPool } from './pools.js';

const entry = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const SETUP = `
  const { InterpreterPool, python } = await import(${JSON.stringify(entry)});
  const pool = new InterpreterPool({ size: 2, path: [${JSON.stringify(PYTHON)}] });`;

const collect = async (items: AsyncIterable<unknown>, all: unknown[] = []): Promise<unknown[]> => {
  for await (const item of items) all.push(item);
  return all;
};

describe('closing during map', () => {
  test('lets the tasks under way end, then says that the pool is closed', async () => {
    const pool = testPool({ size: 2 });
    const seen: number[] = [];
    function* endless(): Generator<number> {
      for (let n = 0; ; n += 1) yield n;
    }
    let closing: Promise<unknown> | undefined;
    const mapping = (async () => {
      for await (const one of pool.map<number, number>('pool_tasks:add', endless())) {
        seen.push(one);
        if (seen.length === 100) closing = pool.close();
      }
    })();
    expect(await rejection(mapping)).toMatchObject({ code: 'ERR_INTERPRETER_CLOSED' });
    expect(seen.length).toBeGreaterThanOrEqual(100);
    expect(seen).toEqual([...Array(seen.length).keys()]);
    expect(await closing).toEqual({ abandoned: [] });
  });

  test('with a timeout: stops what runs', async () => {
    const pool = testPool({ size: 2 });
    const mapping = rejection(collect(pool.map('pool_tasks:endless_of', [1, 2, 3, 4])));
    await expect.poll(() => pool.stats().running).toBe(2);
    await pool.close({ timeout: 0 });
    expect(await mapping).toMatchObject({ code: 'ERR_INTERPRETER_CLOSED' });
  });
});

describe('a thread of Node’s that is terminated', () => {
  test.each([
    ['while tasks run', "pool.run('pool_tasks:endless'); pool.run('pool_tasks:endless');"],
    ['while tasks wait', "for (let n = 0; n < 50; n += 1) pool.run('pool_tasks:endless');"],
    [
      'in the middle of a map',
      "(async () => { for await (const _ of pool.map('pool_tasks:spin', Array(1e6).fill(5))); })();",
    ],
    ['while it starts', ''],
    ['while an interpreter is lent', "await pool.take(); pool.run('pool_tasks:endless');"],
    ['while it closes', "pool.run('pool_tasks:endless'); pool.close();"],
  ])('%s takes its pool along, and nothing else', async (_name, program) => {
    await using pool = testPool({ size: 1 });
    await pool.run('pool_tasks:add', [1]);
    const names = (): string[] => Interpreter.list().map(({ name }) => name);
    const before = names();
    const begin = "pool.each('pool_tasks:add', [1])";
    const worker = new Worker(
      `(async () => {
        const { parentPort } = require('node:worker_threads');
        setInterval(() => {}, 1000);
        ${SETUP}
        const begun = ${begin};
        ${program === '' ? '' : 'await begun;'}
        ${program}
        parentPort.postMessage('ready');
      })()`,
      { eval: true },
    );
    await once(worker, 'message');
    await worker.terminate();
    await expect.poll(names, { timeout: 20_000 }).toEqual(before);
    expect(await pool.run('pool_tasks:add', [2])).toBe(2);
  });
});

test('pools without a name in several threads', async () => {
  const program = `(async () => {
    const { parentPort } = require('node:worker_threads');
    ${SETUP}
    parentPort.postMessage(await pool.each('pool_tasks:add', [1]));
  })()`;
  const workers = [1, 2, 3].map(() => new Worker(program, { eval: true }));
  const answers = await Promise.all(workers.map((worker) => once(worker, 'message')));
  expect(answers).toEqual([1, 2, 3].map(() => [[1, 1]]));
  await Promise.all(workers.map((worker) => worker.terminate()));
});

describe('the process', () => {
  const run = (program: string) =>
    promisify(execFile)(process.execPath, ['--input-type=module', '--eval', SETUP + program], {
      timeout: 60_000,
    });

  test.each([
    ['process.exit, with a map under way', 3, 'setTimeout(() => process.exit(3), 50);'],
    ['an uncaught error', 1, "setTimeout(() => { throw new Error('uncaught'); }, 50);"],
  ])('%s', async (_name, code, end) => {
    const left = run(
      `${end}
       pool.run('pool_tasks:endless').catch(() => {});
       for await (const _ of pool.map('pool_tasks:spin', Array(1e6).fill(1)));`,
    );
    await expect(left).rejects.toMatchObject({ code, signal: null });
  });

  test('an initializer that hangs does not hold it up when it is told to exit', async () => {
    const left = run(
      `const hung = new InterpreterPool({ initializer: python\`while True: pass\` });
       hung.run('builtins:abs', [1]).catch(() => {});
       setTimeout(() => process.exit(4), 50);`,
    );
    await expect(left).rejects.toMatchObject({ code: 4, signal: null });
  });
});
