// The end of environments: Workers terminated in every state, programs that exit, promptly and whole.

import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { loadStarted, whereabouts } from './support.js';

const program = fileURLToPath(new URL('./environment.worker.cjs', import.meta.url));

describe('a Worker that is terminated', () => {
  const binding = loadStarted();

  const living = () =>
    binding.listInterpreters().map((handle) => {
      const { name } = binding.interpreterInfo(handle);
      binding.release(handle);
      return name;
    });

  it.each([
    'idle',
    'closed',
    'busy',
    'busyAfterSync',
    'asleep',
    'receivingInPython',
    'receivingInNode',
    'callingBack',
    'callingBackSync',
    'creating',
  ])('leaves nothing behind: %s', async (state) => {
    const worker = new Worker(program, { workerData: { ...whereabouts(), state } });
    await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await sleep(20);
    await worker.terminate();
    // Its interpreters are closed in the background.
    for (let tries = 0; living().length > 1 && tries < 500; tries++) await sleep(10);
    expect(living()).toEqual(['main']);
    expect(binding.listChannels()).toEqual([]);
  });

  it('ends once the Python code that blocks it was interrupted', async () => {
    const worker = new Worker(program, { workerData: { ...whereabouts(), state: 'blocked' } });
    await new Promise((resolve) => worker.once('message', resolve));
    await sleep(20);
    const terminated = worker.terminate();
    const handles = binding.listInterpreters();
    for (const handle of handles) binding.interrupt(handle);
    await terminated;
    for (const handle of handles) binding.release(handle);
    for (let tries = 0; living().length > 1 && tries < 500; tries++) await sleep(10);
    expect(living()).toEqual(['main']);
  });

  it('may have run out of stack in the middle of a value', async () => {
    const worker = new Worker(program, { workerData: { ...whereabouts(), state: 'outOfStack' } });
    await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
  });

  it('does not disturb the others', () => {
    const interpreter = binding.createInterpreterSync({});
    expect(binding.evaluateSync(interpreter, '6 * 7', undefined, undefined, 1000)).toBe(42);
    binding.release(interpreter);
  });
});

describe('a program', () => {
  const run = (state: string) =>
    new Promise<{ code: unknown; out: string; error: string }>((resolve) => {
      const argument = JSON.stringify({ ...whereabouts(), state });
      execFile(process.execPath, [program, argument], { timeout: 20_000 }, (failed, out, error) => {
        resolve({ code: failed ? (failed.code ?? failed.signal) : 0, out, error });
      });
    });

  it.each(['idle', 'closed'])('ends by itself when nothing is left to do: %s', async (state) => {
    expect(await run(state)).toMatchObject({ code: 0, out: 'ready\n' });
  });

  it('survives the end of its stack in the middle of a value', async () => {
    expect(await run('outOfStack')).toMatchObject({ code: 0, out: 'ready\n' });
  });

  it('exits while Python runs an endless loop', async () => {
    expect(await run('exiting')).toMatchObject({ code: 7 });
  });

  it('fails while Python runs an endless loop', async () => {
    const { code, error } = await run('failing');
    expect(code).toBe(1);
    expect(error).toContain('uncaught on purpose');
  });

  it('lets interpreters run their exit handlers', async () => {
    expect(await run('atexit')).toMatchObject({ code: 0, out: 'ready\natexit\n' });
  });

  it('gets what Python prints before the result of the call that printed it', async () => {
    expect(await run('printing')).toMatchObject({ code: 0, out: 'sync\nasync\nready\n' });
  });
});
