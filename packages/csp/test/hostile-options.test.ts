// Options of the wrong type are named in an error of ours, and what is thrown at us stops the rest, whatever it is.

import { MulticoreError } from '@multicore-python/core';
import { every, farm, javascript, ParallelError, par, supervise } from '@multicore-python/csp';
import { expect, test } from 'vitest';

const throwing = (): never => {
  throw new Error('do not look');
};
const HOSTILE: readonly unknown[] = [
  Object.create(null),
  { toString: throwing, [Symbol.toPrimitive]: throwing },
  Symbol('x'),
  new Proxy({}, { get: throwing }),
  'x'.repeat(1e7),
];

test('of supervisors, farms and timers', () => {
  const child = javascript(async () => {});
  for (const hostile of HOSTILE) {
    const value = hostile as never;
    const wrong: readonly (() => unknown)[] = [
      () => supervise([child], { strategy: value }),
      () => supervise([child], { maxRestarts: value }),
      () => supervise([child], { backoff: { initial: value } }),
      () => supervise([{ process: child, kill: value }]),
      () => farm({ workers: value, input: value, output: value, worker: value }),
      () => every(value),
    ];
    for (const use of wrong) {
      let error: unknown;
      try {
        use();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(MulticoreError);
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
      expect((error as Error).message.length).toBeLessThan(500);
    }
  }
});

test('a process that throws anything fails, and stops the others', async () => {
  for (const thrown of HOSTILE) {
    const waits = javascript(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
    );
    const fails = javascript(async () => {
      throw thrown;
    });
    const error = await par(waits, fails).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ParallelError);
    expect((error as ParallelError).errors[0]).toBe(thrown);
  }
});
