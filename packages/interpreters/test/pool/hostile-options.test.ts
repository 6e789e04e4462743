// Options of the wrong type are named in an error of ours, whatever they are.

import { InterpreterPool, MulticoreError } from '@multicore-python/interpreters';
import { expect, test } from 'vitest';

const throwing = (): never => {
  throw new Error('do not look');
};
const HOSTILE: readonly unknown[] = [
  Object.create(null),
  { toString: throwing, [Symbol.toPrimitive]: throwing },
  Symbol('x'),
  new Proxy({}, { get: throwing, getPrototypeOf: throwing }),
  10n,
];

test('of pools and tasks', async () => {
  await using pool = new InterpreterPool({ size: 1 });
  for (const hostile of HOSTILE) {
    const value = hostile as never;
    const wrong: readonly (() => unknown)[] = [
      () => new InterpreterPool({ size: value }),
      () => new InterpreterPool({ min: 0, max: value }),
      () => new InterpreterPool({ min: 0, idleTimeout: value }),
      () => new InterpreterPool({ queueLimit: value }),
      () => new InterpreterPool({ whenFull: value }),
      () => new InterpreterPool({ recycle: { tasks: value } }),
      () => pool.run('math:sqrt', [2], { priority: value }),
      () => pool.run('math:sqrt', [2], { timeout: value }),
      () => pool.run('math:sqrt', value),
    ];
    for (const use of wrong) {
      const error = await Promise.resolve()
        .then(use)
        .catch((reason: unknown) => reason);
      expect(error, String(use)).toBeInstanceOf(MulticoreError);
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    }
  }
});
