// Options of the wrong type are named in an error of ours, whatever they are.

import { Barrier, channel, MulticoreError, Semaphore } from '@multicore-python/channels';
import { expect, test } from 'vitest';

const throwing = (): never => {
  throw new Error('do not look');
};
const HOSTILE: readonly unknown[] = [
  Object.create(null),
  { toString: throwing, [Symbol.toPrimitive]: throwing },
  Symbol('x'),
  new Proxy({}, { get: throwing, getPrototypeOf: throwing }),
  'x'.repeat(1e7),
  10n ** 400n,
];

test('of channels, waits and primitives', async () => {
  const { receiver } = channel();
  for (const hostile of HOSTILE) {
    const value = hostile as never;
    const wrong: readonly (() => unknown)[] = [
      () => channel({ capacity: value }),
      () => channel({ overflow: value }),
      () => receiver.receive({ timeout: value }),
      () => new Semaphore(value),
      () => new Barrier(value),
    ];
    for (const use of wrong) {
      const error = await Promise.resolve()
        .then(use)
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(MulticoreError);
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
      expect((error as Error).message.length).toBeLessThan(500);
    }
  }
});

test('a stream that is aborted with anything poisons its channel', async () => {
  for (const reason of HOSTILE) {
    const { sender, receiver } = channel({ capacity: 1 });
    await sender.writable().abort(reason);
    await expect(receiver.receive()).rejects.toMatchObject({ code: 'ERR_CHANNEL_POISONED' });
  }
});
