// What waits, throws and crosses does so where the program's `Promise`, `Error` and `Map` are not Node's own: Jest and
// `vm` give modules a context of their own. vitest.config.ts runs this file both ways.

import {
  after,
  channel,
  type Receiver,
  receive,
  type Sender,
  select,
  send,
} from '@multicore-python/channels';
import { javascript, network, par, python } from '@multicore-python/csp';
import { Interpreter, InterpreterPool, PythonError } from '@multicore-python/interpreters';
import { afterAll, beforeAll, expect, test } from 'vitest';

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create();
});
afterAll(async () => {
  await py.close();
});

async function collect<T>(input: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of input) all.push(each);
  return all;
}

/** Sends when whoever asks waits already. */
function later(...messages: readonly number[]): Receiver<number> {
  const { sender, receiver } = channel<number>();
  setTimeout(async () => {
    await sender.sendMany(messages);
    sender.close();
  }, 20);
  return receiver;
}

test.each<[unknown, string]>([
  [new Map([[1, 2]]), '{1: 2}'],
  [new Set([1]), '{1}'],
  [new Uint8Array([65]), "b'A'"],
  [new ArrayBuffer(1), "b'\\x00'"],
  [[{ a: null }], "[{'a': None}]"],
])('%o crosses', async (value, expected) => {
  const source = 'repr(bytes(value) if isinstance(value, memoryview) else value)';
  expect(await py.evaluate(source, { bind: { value } })).toBe(expected);
});

test('a receiver is waited for in every way', async () => {
  expect(await later(1).receive()).toBe(1);
  expect(await collect(later(1, 2))).toEqual([1, 2]);
  expect(await collect(later(1, 2).readable() as unknown as AsyncIterable<number>)).toEqual([1, 2]);
  expect(await select([receive(later(1)), after(10_000)])).toMatchObject({ index: 0, value: 1 });
  const full = channel<number>();
  expect(await select([send(full.sender, 1), after(1)])).toMatchObject({ index: 1 });
});

test('errors keep their class and identity', async () => {
  const own = new TypeError('of this realm');
  const fail = (): never => {
    throw own;
  };
  await expect(py.exec('fail()', { bind: { fail } })).rejects.toBe(own);
  const raised = await py.exec('1 / 0').catch((error: unknown) => error);
  expect(raised).toBeInstanceOf(PythonError);
  expect(raised).toBeInstanceOf(Error);
  const reason = new Error('enough');
  const waiting = channel().receiver.receive({ signal: AbortSignal.abort(reason) });
  await expect(waiting).rejects.toBe(reason);
});

test('generators, coroutines and pools are awaited', async () => {
  const numbers = await py.evaluate<AsyncIterable<number>>('(n for n in range(3))');
  expect(await collect(numbers)).toEqual([0, 1, 2]);
  const twice = async (n: number): Promise<number> => n * 2;
  expect(await py.evaluate('twice(21)', { bind: { twice } })).toBe(42);
  const pool = new InterpreterPool({ size: 1 });
  expect(await collect(pool.map('math:sqrt', [1, 4]))).toEqual([1, 2]);
  await pool.close();
});

test('processes run, and a deadlock among them is found', async () => {
  const { sender, receiver } = channel<number>();
  const sink = javascript(({ input }) => collect(input), { input: receiver });
  const [, got] = await par(python`for n in range(3): ${sender}.send(n)`, sink);
  expect(got).toEqual([0, 1, 2]);

  const [there, back] = [channel<number>(), channel<number>()];
  // Each waits for the other to begin.
  const answer = async (ends: { input: Receiver<number>; out: Sender<number> }): Promise<void> => {
    const { value } = await select([receive(ends.input)]);
    await ends.out.send(value ?? 0);
  };
  const stuck = network('stuck').run(
    par(
      javascript(answer, { input: there.receiver, out: back.sender }),
      javascript(answer, { input: back.receiver, out: there.sender }),
    ),
  );
  await expect(stuck).rejects.toMatchObject({ code: 'ERR_DEADLOCK' });
});
