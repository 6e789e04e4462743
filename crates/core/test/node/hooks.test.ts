// Hooks that are missing, wrong or fail.

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { Hooks } from '../../js/native/binding.js';
import { Described, load, plainHooks, whereabouts } from './support.js';

const binding = load();
afterEach(() => binding.setHooks(plainHooks));

describe('setHooks', () => {
  it.each([undefined, null, 1, {}, { ...plainHooks, describe: 1 }])('refuses %j', (hooks) => {
    expect(() => binding.setHooks(hooks as unknown as Hooks)).toThrow(
      expect.objectContaining({ code: 'ERR_INTERNAL' }),
    );
  });

  it('keeps the old ones when it refuses', () => {
    expect(() => binding.setHooks({} as Hooks)).toThrow(/makeError/);
    const [sender] = binding.createChannel(1, 0, undefined);
    expect(() => binding.trySend(sender, () => 1)).toThrow(/not-shareable/);
  });
});

describe('a hook that throws', () => {
  it('throws to whoever made the call', () => {
    const [sender, receiver] = binding.createChannel(5, 0, undefined);
    const error = new Error('from describe');
    const fail = () => {
      throw error;
    };
    binding.setHooks({ ...plainHooks, describe: fail, makeReadonlySet: fail });
    expect(() => binding.trySend(sender, [new Described(undefined)])).toThrow(error);
    expect(binding.trySend(sender, new Set())).toBe(true);
    expect(() => binding.tryReceive(receiver)).toThrow(error);
    binding.setHooks({ ...plainHooks, makeError: fail });
    expect(() => binding.trySend(sender, Symbol('x'))).toThrow(error);
  });

  it('rejects the promise of an operation', async () => {
    const [sender, receiver] = binding.createChannel(0, 0, undefined);
    const error = new Error('from makeReadonlySet');
    const fail = () => {
      throw error;
    };
    binding.setHooks({ ...plainHooks, makeReadonlySet: fail, makeError: fail });
    const received = binding.receive(receiver, Number.POSITIVE_INFINITY, 0);
    binding.trySend(sender, new Set());
    await expect(received).rejects.toBe(error);
    await expect(binding.receive(receiver, 1, 0)).rejects.toBe(error);
  });
});

it('an answer that makes no sense is a defect of ours', () => {
  const [sender] = binding.createChannel(5, 0, undefined);
  for (const answer of [{}, { as: 'nonsense' }, { as: 'float' }, { as: 'numbers', values: [1] }]) {
    const described = new Described(answer as never);
    expect(() => binding.trySend(sender, described)).toThrow(
      expect.objectContaining({ code: 'ERR_INTERNAL' }),
    );
  }
});

it('without hooks, failures are plain errors', async () => {
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const binding = require(workerData.raw).load(workerData, true);
     const codes = [];
     const code = (action) => { try { action(); codes.push('none'); } catch (error) { codes.push(error.code); } };
     code(() => binding.mainInterpreter());
     code(() => binding.trySend(0, 1));
     const [sender] = binding.createChannel(1, 0, undefined);
     code(() => binding.trySend(sender, Symbol('x')));
     code(() => binding.trySend(sender, new Date()));
     code(() => binding.trySend(sender, 1));
     parentPort.postMessage(codes);`,
    {
      eval: true,
      workerData: { ...whereabouts(), raw: fileURLToPath(new URL('./raw.cjs', import.meta.url)) },
    },
  );
  const codes = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  expect(codes).toEqual(['ERR_INTERNAL', 'ERR_INTERNAL', 'ERR_INTERNAL', 'ERR_INTERNAL', 'none']);
});
