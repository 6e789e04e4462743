import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { MulticoreError } from '../../js/errors.js';
import { withSignal } from '../../js/runtime/cancel.js';

test('an aborted signal runs nothing and rejects with its reason', async () => {
  let isRun = false;
  const reason = new Error('no');
  const promise = withSignal(
    AbortSignal.abort(reason),
    () => {},
    async () => {
      isRun = true;
    },
  );
  await expect(promise).rejects.toBe(reason);
  expect(isRun).toBe(false);
});

test('an abort cancels by number, and the promise rejects with the reason', async () => {
  const controller = new AbortController();
  const cancelled: number[] = [];
  let fail: (error: Error) => void = () => {};
  let number = 0;
  const promise = withSignal(
    controller.signal,
    (op) => {
      cancelled.push(op);
      fail(new MulticoreError('ERR_ABORTED', ''));
    },
    (op) => {
      number = op;
      return new Promise((_, reject) => {
        fail = reject;
      });
    },
  );
  controller.abort(new Error('stop'));
  await expect(promise).rejects.toThrow('stop');
  expect(cancelled).toEqual([number]);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('listeners are removed when it ends by itself', async () => {
  const { signal } = new AbortController();
  await expect(
    withSignal(
      signal,
      () => {},
      async () => 1,
    ),
  ).resolves.toBe(1);
  await expect(
    withSignal(
      signal,
      () => {},
      async () => Promise.reject(new Error('own')),
    ),
  ).rejects.toThrow('own');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
