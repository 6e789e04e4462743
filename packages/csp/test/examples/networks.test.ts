// The programs composed in Python, by multicore.csp: the same results as those composed in TypeScript.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { Interpreter, PythonError } from '@multicore-python/interpreters';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create({ path: [join(root, 'examples/csp/python')] });
});
afterAll(async () => {
  await py.close({ timeout: 5000 });
});

const run = <R>(program: string, ...args: unknown[]): Promise<R> =>
  py.call<R>(`networks:${program}`, args);

test('commstime counts', async () => {
  const [numbers] = await run<[number[], number]>('commstime', 50);
  expect(numbers).toEqual([...Array(50).keys()]);
});

test('the sieve finds primes', async () => {
  expect(await run('sieve', 10)).toEqual([2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
});

test('philosophers with a footman eat', async () => {
  expect(await run('philosophers', 10, true)).toEqual([10, 10, 10, 10, 10]);
});

test('philosophers with a fork each are reported', async () => {
  const error = await run('philosophers', 10, false).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PythonError);
  const { message } = error as PythonError;
  expect(message).toContain('Deadlock in the network philosophers: every process is waiting');
  for (const [name, fork] of [
    ['Plato', 2],
    ['Zeno', 3],
    ['Hypatia', 4],
    ['Diotima', 5],
    ['Seneca', 1],
  ])
    expect(message).toContain(`${name} waits to receive from fork ${fork}, whose other ends are`);
  expect(message).toMatch(/philosophers\.py:\d+:dine/);
});

test('Santa delivers and consults', async () => {
  expect(await run('santa', 3, 10)).toEqual({ deliveries: 3, consultations: 10 });
});

test('the Mandelbrot set is the same picture', async () => {
  const file = Buffer.from(await run<Uint8Array>('mandelbrot', 48, 32, 40));
  expect(file.subarray(1, 4).toString()).toBe('PNG');
  const pixels = inflateSync(file.subarray(41, 41 + file.readUInt32BE(33)));
  let sum = 0;
  for (const pixel of pixels) sum = (sum * 31 + pixel) % 1_000_003;
  expect(sum).toBe(302_436);
});

test('matrices are multiplied', async () => {
  const a = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const b = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  expect(await run('matrix', a, b)).toEqual([
    [22, 28],
    [49, 64],
  ]);
});

test('words are counted', async () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const expected = new Map<string, number>();
  for (const [word] of text.toLowerCase().matchAll(/[a-z]+/g))
    expected.set(word, (expected.get(word) ?? 0) + 1);
  expect(new Map(await run<[string, number][]>('wordcount', text))).toEqual(expected);
});

test('a bounded buffer keeps the order and its bound', async () => {
  const [received, mostHeld] = await run<[number[], number]>('buffer', 4, 60);
  expect(received).toEqual([...Array(60).keys()]);
  expect(mostHeld).toBeLessThanOrEqual(4);
});

test('the barber shaves whoever stays', async () => {
  const [shaved, turnedAway] = await run<[number, number]>('barber', 2, 8);
  expect(shaved + turnedAway).toBe(8);
  expect(shaved).toBeGreaterThan(0);
});

test('a token goes around among 100 interpreters', async () => {
  expect(await run('ring', 100, 3)).toBe(300);
});
