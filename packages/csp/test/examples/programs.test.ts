import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { closeIdleInterpreters, DeadlockError, network, type Process } from '@multicore-python/csp';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { barber } from '../../../../examples/csp/barber.js';
import { boundedBuffer } from '../../../../examples/csp/buffer.js';
import { commstime } from '../../../../examples/csp/commstime.js';
import { LANGUAGES } from '../../../../examples/csp/language.js';
import { mandelbrot } from '../../../../examples/csp/mandelbrot.js';
import { multiply } from '../../../../examples/csp/matrix.js';
import { philosophers } from '../../../../examples/csp/philosophers.js';
import { ring, ringOfCoroutines } from '../../../../examples/csp/ring.js';
import { santa } from '../../../../examples/csp/santa.js';
import { sieve } from '../../../../examples/csp/sieve.js';
import { countWords } from '../../../../examples/csp/wordcount.js';

afterEach(closeIdleInterpreters);
afterAll(() => {
  expect(Interpreter.list().map(({ name }) => name)).toEqual(['main']);
});

let count = 0;
/** Runs a program under deadlock detection, which must have nothing to say. */
const run = <R>(program: Process<R>): Promise<R> => {
  count += 1;
  return network(`program ${count}`).run(program);
};

describe.each(LANGUAGES)('in %s', (language) => {
  test('commstime counts', async () => {
    const { numbers } = await run(commstime(language, 50));
    expect(numbers).toEqual([...Array(50).keys()]);
  });

  test('the sieve finds primes', async () => {
    expect(await run(sieve(language, 10))).toEqual([2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
  });

  test('philosophers with a footman eat', async () => {
    const eaten = await run(philosophers(language, { meals: 10, footman: true }));
    expect(eaten).toEqual([10, 10, 10, 10, 10]);
  });

  test('philosophers with a fork each are reported', async () => {
    const error = await run(philosophers(language, { meals: 10, footman: false })).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DeadlockError);
    const { blocked } = error as DeadlockError;
    expect(
      blocked
        .map(({ process, operation, channels }) => `${process} ${operation} ${channels}`)
        .toSorted(),
    ).toEqual([
      'Diotima receive fork 5',
      'Hypatia receive fork 4',
      'Plato receive fork 2',
      'Seneca receive fork 1',
      'Zeno receive fork 3',
    ]);
    const file = { python: 'philosophers.py', typescript: 'philosophers.ts' };
    for (const { language: written, where } of blocked)
      expect(where).toContain(file[written === 'python' ? 'python' : 'typescript']);
  });

  test('Santa delivers and consults', async () => {
    expect(await run(santa(language, { deliveries: 3, consultations: 10 }))).toEqual({
      deliveries: 3,
      consultations: 10,
    });
  });

  test('the Mandelbrot set is the same picture', async () => {
    const file = await run(mandelbrot(language, { width: 48, height: 32, iterations: 40 }));
    expect(file.subarray(1, 4).toString()).toBe('PNG');
    const length = file.readUInt32BE(33);
    const pixels = inflateSync(file.subarray(41, 41 + length));
    expect(pixels.length).toBe(32 * 49);
    expect(pixels.filter((pixel) => pixel === 255).length).toBe(INSIDE);
    let sum = 0;
    for (const pixel of pixels) sum = (sum * 31 + pixel) % 1_000_003;
    expect(sum).toBe(CHECK);
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
    expect(await run(multiply(language, a, b))).toEqual([
      [22, 28],
      [49, 64],
    ]);
  });

  test('words are counted', async () => {
    const text = readFileSync(join(import.meta.dirname, '../../../../ARCHITECTURE.md'), 'utf8');
    const expected = new Map<string, number>();
    for (const [word] of text.toLowerCase().matchAll(/[a-z]+/g))
      expected.set(word, (expected.get(word) ?? 0) + 1);
    const counted = await run(countWords(language, text));
    expect(new Map(counted)).toEqual(expected);
    expect(counted[0]?.[1]).toBe(Math.max(...expected.values()));
  });

  test('a bounded buffer keeps the order and its bound', async () => {
    const { received, mostHeld } = await run(boundedBuffer(language, 4, 60));
    expect(received).toEqual([...Array(60).keys()]);
    expect(mostHeld).toBeGreaterThan(0);
    expect(mostHeld).toBeLessThanOrEqual(4);
  });

  test('the barber shaves whoever stays', async () => {
    const { customers, shaved, turnedAway } = await run(barber(language, 2, 8));
    expect(shaved + turnedAway).toBe(customers);
    expect(shaved).toBeGreaterThan(0);
  });

  test('a token goes around', async () => {
    const size = language === 'typescript' ? 100 : 8;
    expect(await run(ring(language, size, 5))).toBe(size * 5);
  });
});

test('a token goes around among 100 coroutines of one interpreter', async () => {
  expect(await run(ringOfCoroutines(100, 5))).toBe(500);
});

const INSIDE = 424;
const CHECK = 302_436;
