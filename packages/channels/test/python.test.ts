import { channel } from '@multicore-python/channels';
import { Interpreter, python } from '@multicore-python/interpreters';
import { afterAll, beforeAll, expect, test } from 'vitest';

let first: Interpreter;
let second: Interpreter;
beforeAll(async () => {
  [first, second] = await Promise.all([Interpreter.create(), Interpreter.create()]);
});
afterAll(async () => {
  await Promise.all([first.close({ timeout: 1000 }), second.close({ timeout: 1000 })]);
});

test('from Python to Node', async () => {
  const { sender, receiver } = channel<number>();
  const job = first.exec(python`
    for n in range(5):
        ${sender}.send(n * n)
    ${sender}.close()
  `);
  const received: number[] = [];
  for await (const square of receiver) received.push(square);
  await job;
  expect(received).toEqual([0, 1, 4, 9, 16]);
});

test('from Node to Python', async () => {
  const { sender, receiver } = channel<number>({ capacity: 2 });
  const job = first.call<number>('builtins:sum', [receiver]);
  for (const n of [1, 2, 3]) await sender.send(n);
  sender.close();
  expect(await job).toBe(6);
});

test('between two interpreters', async () => {
  const there = channel<number>();
  const back = channel<number>();
  const jobs = [
    first.exec(python`
      for n in range(1000): ${there.sender}.send(n)
      ${there.sender}.close()
    `),
    second.exec(python`
      for n in ${there.receiver}: ${back.sender}.send(n + 1)
      ${back.sender}.close()
    `),
  ];
  let sum = 0;
  for await (const n of back.receiver) sum += n;
  await Promise.all(jobs);
  expect(sum).toBe((1000 * 1001) / 2);
});

test('an end comes back as an end of the same channel', async () => {
  const { sender } = channel<number>({ capacity: 1 });
  await first.exec('def same(x): return x');
  const back = await first.call<typeof sender>('same', [sender]);
  expect(back.isSameChannel(sender)).toBe(true);
});

test('Python that waits for a message can be stopped', async () => {
  const { receiver } = channel<number>();
  await expect(first.exec(python`${receiver}.recv()`, { timeout: 20 })).rejects.toMatchObject({
    code: 'ERR_TIMEOUT',
  });
  expect(await first.evaluate<number>('1 + 1')).toBe(2);
});

test('lists are no messages', async () => {
  const { sender } = channel<unknown>({ capacity: 1 });
  const error = await first
    .exec(python`${sender}.send((1, [2]))`)
    .catch((reason: unknown) => reason as Error);
  expect(error?.message).toContain('[1]');
});
