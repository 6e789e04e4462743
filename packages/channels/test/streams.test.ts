// Web streams over channels that Python is at the other end of: backpressure, errors, cancelling.

import { setImmediate as turn } from 'node:timers/promises';
import { type Channel, channel } from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, expect, test } from 'vitest';

const HELPERS = `
from multicore.channels import ChannelClosedError, ChannelPoisonedError
def produce(sender, count):
    sent = 0
    try:
        for sent in range(count):
            sender.send(sent)
        sender.close()
        return "all"
    except ChannelPoisonedError as error:
        return f"poisoned after {sent}: {error}"
    except ChannelClosedError:
        return f"closed after {sent}"
def take(receiver, count):
    return [receiver.recv() for _ in range(count)]
def drain(receiver):
    try:
        return list(receiver)
    except ChannelPoisonedError as error:
        return str(error)
def send_now(sender, value):
    return sender.try_send(value)
def send_and(sender, value, then):
    sender.send(value)
    then()
def fail(sender):
    sender.send(1)
    sender.poison("no more data")
`;

let interpreter: Interpreter;
beforeAll(async () => {
  interpreter = await Interpreter.create();
  await interpreter.exec(HELPERS);
});
afterAll(() => interpreter.close());

test('a message that arrives as a readable is cancelled stays in the channel', async () => {
  for (const capacity of [0, 1]) {
    const { sender, receiver } = channel<number>({ capacity });
    const other = receiver.clone();
    const reader = receiver.readable().getReader();
    const reading = reader.read();
    while (other.stats().waitingReceivers === 0) await turn();
    // Given to the read that waits, and the event loop has not turned since.
    expect(interpreter.callSync('send_now', [sender, 7])).toBe(true);
    await reader.cancel();
    expect(await reading).toEqual({ done: true, value: undefined });
    expect(await other.receive()).toBe(7);
    expect(other.stats()).toMatchObject({ sent: 1, received: 1, dropped: 0 });
  }
});

test('also if it arrives in the very turn in which the readable is cancelled', async () => {
  const { sender, receiver } = channel<number>({ capacity: 1 });
  const other = receiver.clone();
  const reader = receiver.readable().getReader();
  const reading = reader.read();
  while (other.stats().waitingReceivers === 0) await turn();
  const sending = interpreter.call('send_and', [sender, 7, () => void reader.cancel()]);
  // Both the message and the call of the function are most probably there when the loop turns next.
  while (other.stats().sent === 0);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  await sending;
  const read = await reading;
  // Whichever came first, somebody has it.
  expect(read.done ? await other.receive() : read.value).toBe(7);
  expect(other.stats()).toMatchObject({ sent: 1, received: 1, dropped: 0, length: 0 });
});

test('a readable that is cancelled before anything arrives takes nothing', async () => {
  const { sender, receiver } = channel<number>();
  const other = receiver.clone();
  const reader = receiver.readable().getReader();
  const reading = reader.read();
  while (other.stats().waitingReceivers === 0) await turn();
  await reader.cancel();
  expect(await reading).toEqual({ done: true, value: undefined });
  expect(() => sender.trySend(1)).toThrow('closed');
  expect(other.stats()).toMatchObject({ sent: 0, received: 0, waitingReceivers: 0 });
});

/** Until so many senders wait: then Python is kept waiting. */
async function untilWaiting({ stats }: Channel<number>): Promise<void> {
  while (stats().waitingSenders === 0) await turn();
}

test('a slow reader keeps Python waiting', async () => {
  const made = channel<number>({ capacity: 2 });
  const job = interpreter.call<string>('produce', [made.sender, 10]);
  const reader = made.receiver.readable().getReader();
  for (let n = 0; n < 4; n += 1) {
    await untilWaiting(made);
    // Two in the channel, and the one that waits is not in it: nothing was read ahead.
    expect(made.stats()).toMatchObject({ sent: n + 2, received: n, length: 2 });
    expect(await reader.read()).toEqual({ done: false, value: n });
  }
  reader.releaseLock();
  for (let n = 4; n < 10; n += 1) expect(await made.receiver.receive()).toBe(n);
  expect(await job).toBe('all');
});

test('cancelling a readable ends Python’s send', async () => {
  const made = channel<number>({ capacity: 1 });
  const job = interpreter.call<string>('produce', [made.sender, 10]);
  await untilWaiting(made);
  await made.receiver.readable().cancel('seen enough');
  expect(await job).toBe('closed after 1');
});

test('poison from Python errors a readable', async () => {
  const { sender, receiver } = channel<number>();
  const job = interpreter.call('fail', [sender]);
  const reader = receiver.readable().getReader();
  expect((await reader.read()).value).toBe(1);
  await expect(reader.read()).rejects.toMatchObject({ reason: 'no more data' });
  await job;
});

test('a slow Python keeps a writer waiting', async () => {
  const made = channel<number>({ capacity: 2 });
  const writer = made.sender.writable().getWriter();
  let written = 0;
  const writing = (async () => {
    for (let n = 0; n < 6; n += 1) {
      await writer.ready;
      await writer.write(n);
      written += 1;
    }
    await writer.close();
  })();
  await untilWaiting(made);
  expect([written, made.stats().length, writer.desiredSize]).toEqual([2, 2, 0]);
  expect(await interpreter.call<number[]>('take', [made.receiver, 1])).toEqual([0]);
  await untilWaiting(made);
  expect(written).toBe(3);
  expect(await interpreter.call<number[]>('drain', [made.receiver])).toEqual([1, 2, 3, 4, 5]);
  await writing;
});

test('aborting a writable is an error in Python', async () => {
  const { sender, receiver } = channel<number>();
  const job = interpreter.call<string>('drain', [receiver]);
  await sender.writable().abort(new Error('broken pipe'));
  expect(await job).toBe('broken pipe');
});

test('a receiver that leaves errors a writable', async () => {
  const { sender, receiver } = channel<number>({ capacity: 1 });
  const writer = sender.writable().getWriter();
  writer.closed.catch(() => {});
  receiver.leave();
  await expect(writer.write(1)).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
});

test('from Python through a transform to Python', async () => {
  const [from, to] = [channel<number>({ capacity: 2 }), channel<number>({ capacity: 2 })];
  const job = interpreter.call<string>('produce', [from.sender, 100]);
  const doubling = new TransformStream<number, number>({
    transform: (value, controller) => controller.enqueue(value * 2),
  });
  const piping = from.receiver.readable().pipeThrough(doubling).pipeTo(to.sender.writable());
  const all: number[] = [];
  for await (const value of to.receiver) all.push(value);
  await Promise.all([piping, job]);
  expect(all).toEqual(Array.from({ length: 100 }, (_, n) => n * 2));
});
