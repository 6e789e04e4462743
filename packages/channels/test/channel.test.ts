import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChannelClosedError,
  ChannelPoisonedError,
  channel,
  channels,
  TimeoutError,
} from '@multicore-python/channels';
import { describe, expect, test } from 'vitest';

describe('sending and receiving', () => {
  test('first in, first out', async () => {
    const { sender, receiver } = channel<number>({ capacity: 3 });
    for (const n of [1, 2, 3]) await sender.send(n);
    expect([await receiver.receive(), await receiver.receive(), await receiver.receive()]).toEqual([
      1, 2, 3,
    ]);
  });

  test('a rendezvous resolves when a receiver has the message', async () => {
    const { sender, receiver } = channel<string>();
    let isSent = false;
    const sending = sender.send('x').then(() => {
      isSent = true;
    });
    await sleep(5);
    expect(isSent).toBe(false);
    expect(await receiver.receive()).toBe('x');
    await sending;
  });

  test('a full channel makes the sender wait', async () => {
    const { sender, receiver } = channel<number>({ capacity: 1 });
    expect(sender.trySend(1)).toBe(true);
    expect(sender.trySend(2)).toBe(false);
    const sending = sender.send(2);
    expect(await receiver.receive()).toBe(1);
    await sending;
    expect(receiver.tryReceive()).toBe(2);
    expect(receiver.tryReceive()).toBeUndefined();
  });

  test('overflow drops instead of waiting', async () => {
    const oldest = channel<number>({ capacity: 2, overflow: 'drop-oldest' });
    await oldest.sender.sendMany([1, 2, 3]);
    expect(await oldest.receiver.receiveMany()).toEqual([2, 3]);
    const newest = channel<number>({ capacity: 2, overflow: 'drop-newest' });
    await newest.sender.sendMany([1, 2, 3]);
    expect(await newest.receiver.receiveMany()).toEqual([1, 2]);
    expect(newest.stats().dropped).toBe(1);
  });

  test('messages are immutable copies', async () => {
    const { sender, receiver } = channel<unknown>({ capacity: 9 });
    const message = { list: [1, { deep: new Set([1]) }], bytes: new Uint8Array([1]) };
    await sender.send(message);
    const received = (await receiver.receive()) as typeof message;
    expect(received).toMatchObject({ list: [1, {}] });
    expect(Object.isFrozen(received) && Object.isFrozen(received.list)).toBe(true);
    expect(received).not.toBe(message);
  });

  test('many at once', async () => {
    const { sender, receiver } = channel<number>({ capacity: 4 });
    const values = [...Array(1000).keys()];
    const sending = sender.sendMany(values).then(() => sender.close());
    const received: number[] = [];
    for (
      let batch = await receiver.receiveMany(10);
      batch.length > 0;
      batch = await receiver.receiveMany(10)
    ) {
      expect(batch.length).toBeLessThanOrEqual(10);
      received.push(...batch);
    }
    await sending;
    expect(received).toEqual(values);
  });
});

describe('endings', () => {
  test('close lets receivers drain', async () => {
    const { sender, receiver } = channel<number>({ capacity: 2 });
    await sender.send(1);
    sender.close();
    sender.close();
    expect(await receiver.receive()).toBe(1);
    await expect(receiver.receive()).rejects.toBeInstanceOf(ChannelClosedError);
    expect(() => receiver.tryReceive()).toThrow(ChannelClosedError);
    expect(await receiver.receiveMany()).toEqual([]);
    await expect(sender.send(2)).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  });

  test('the last sender that leaves ends it', async () => {
    const { sender, receiver } = channel<number>({ capacity: 2 });
    const other = sender.clone();
    sender.leave();
    await other.send(1);
    other.leave();
    const received: number[] = [];
    for await (const n of receiver) received.push(n);
    expect(received).toEqual([1]);
  });

  test('the last receiver that leaves wakes senders', async () => {
    const { sender, receiver } = channel<number>();
    const sending = sender.send(1);
    receiver.leave();
    await expect(sending).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  });

  test('poison drops what is queued and wakes everybody', async () => {
    const { sender, receiver, poison } = channel<number>({ capacity: 1 });
    await sender.send(1);
    const sending = sender.send(2);
    poison('enough');
    await expect(sending).rejects.toMatchObject({ code: 'ERR_CHANNEL_POISONED', reason: 'enough' });
    await expect(receiver.receive()).rejects.toBeInstanceOf(ChannelPoisonedError);
    expect(() => sender.trySend(3)).toThrow(ChannelPoisonedError);
  });

  test('poison does not take back what was received', async () => {
    const { sender, receiver, poison } = channel<number>();
    const receiving = receiver.receiveMany(5);
    await sender.send(1);
    poison('enough');
    expect(await receiving).toEqual([1]);
    await expect(receiver.receiveMany(5)).rejects.toThrow('enough');
  });

  test('waiting wakes on close', async () => {
    const { sender, receiver } = channel<number>();
    const receiving = receiver.receive();
    sender.close();
    await expect(receiving).rejects.toBeInstanceOf(ChannelClosedError);
  });
});

describe('giving up', () => {
  test('a timeout takes nothing and sends nothing', async () => {
    const { sender, receiver } = channel<number>();
    await expect(receiver.receive({ timeout: 5 })).rejects.toBeInstanceOf(TimeoutError);
    await expect(sender.send(1, { timeout: 5 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(receiver.tryReceive()).toBeUndefined();
    expect(sender.trySend(2)).toBe(false);
  });

  test('an abort takes nothing and sends nothing, and throws its reason', async () => {
    const { sender, receiver } = channel<number>();
    const reason = new Error('no more');
    const signal = AbortSignal.timeout(5);
    await expect(sender.send(1, { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(receiver.receive({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const receiving = receiver.receive();
    await sender.send(2);
    expect(await receiving).toBe(2);
  });
});

describe('iteration', () => {
  test('ends with the channel', async () => {
    const { sender, receiver } = channel<number>({ capacity: Number.POSITIVE_INFINITY });
    await sender.sendMany([1, 2, 3]);
    sender.close();
    expect(await collect(receiver)).toEqual([1, 2, 3]);
  });

  test('leaving the loop leaves the rest', async () => {
    const { sender, receiver } = channel<number>({ capacity: 3 });
    await sender.sendMany([1, 2, 3]);
    for await (const _ of receiver) break;
    expect(await receiver.receive()).toBe(2);
  });

  test('does not starve the event loop', async () => {
    const { sender, receiver } = channel<number>({ capacity: Number.POSITIVE_INFINITY });
    await sender.sendMany([...Array(20_000).keys()]);
    sender.close();
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 0);
    await collect(receiver);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });
});

describe('web streams', () => {
  test('a readable takes no more than it is asked for', async () => {
    const { sender, receiver } = channel<number>({ capacity: 3 });
    await sender.sendMany([1, 2, 3]);
    const reader = receiver.readable().getReader();
    expect(await reader.read()).toEqual({ done: false, value: 1 });
    expect(receiver.stats().length).toBe(2);
    sender.close();
    expect((await reader.read()).value).toBe(2);
    expect((await reader.read()).value).toBe(3);
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });

  test('a writable has the channel’s backpressure', async () => {
    const { sender, receiver } = channel<number>({ capacity: 1 });
    const copying = new ReadableStream<number>({
      start(controller) {
        for (const n of [1, 2, 3]) controller.enqueue(n);
        controller.close();
      },
    }).pipeTo(sender.writable());
    expect(await collect(receiver)).toEqual([1, 2, 3]);
    await copying;
  });

  test('aborting a writable poisons', async () => {
    const { sender, receiver } = channel<number>();
    await sender.writable().abort(new Error('broken pipe'));
    await expect(receiver.receive()).rejects.toMatchObject({ reason: 'broken pipe' });
  });
});

test('ends travel through channels', async () => {
  const { sender, receiver } = channel<unknown>({ capacity: 1 });
  const inner = channel<string>({ capacity: 1 });
  await sender.send(inner.sender);
  const received = (await receiver.receive()) as typeof inner.sender;
  expect(received.isSameChannel(inner.receiver)).toBe(true);
  await received.send('through the other');
  expect(await inner.receiver.receive()).toBe('through the other');
});

test('stats and the listing', async () => {
  const { sender, receiver, stats } = channel<number>({ capacity: 4, name: 'counted' });
  await sender.sendMany([1, 2]);
  await receiver.receive();
  expect(stats()).toMatchObject({
    name: 'counted',
    length: 1,
    capacity: 4,
    sent: 2,
    received: 1,
    senders: 1,
    receivers: 1,
    closed: false,
    poisoned: null,
  });
  expect(channels().map(({ name }) => name)).toContain('counted');
});

test('wrong options are refused', () => {
  // Room is taken at once, and an allocation that fails ends the process.
  for (const capacity of [2 ** 24 + 1, 2 ** 40, Number.MAX_SAFE_INTEGER])
    expect(() => channel({ capacity })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
  expect(() => channel({ capacity: -1 })).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
  );
  expect(() => channel({ capacity: 1.5 })).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
  );
});

async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of messages) all.push(message);
  return all;
}
