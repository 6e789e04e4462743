// What can be seen of channels: publications, figures, ages.

import diagnostics from 'node:diagnostics_channel';
import {
  after,
  type ChannelEvent,
  channel,
  channels,
  otherwise,
  receive,
  select,
  send,
} from '@multicore-python/channels';
import { Interpreter, python } from '@multicore-python/interpreters';
import { expect, onTestFinished, test } from 'vitest';

/** The events of these classes from now on, with their class. */
function listen(...classes: string[]): [string, ChannelEvent][] {
  const heard: [string, ChannelEvent][] = [];
  for (const each of classes) {
    const hear = (event: unknown): void => {
      heard.push([each, event as ChannelEvent]);
    };
    diagnostics.subscribe(`multicore-python:channel:${each}`, hear);
    onTestFinished(() => {
      diagnostics.unsubscribe(`multicore-python:channel:${each}`, hear);
    });
  }
  return heard;
}

test('every class of events is published', async () => {
  const heard = listen('created', 'blocked', 'poisoned', 'left', 'closed');
  const made = channel<number>({ name: 'watched' });
  const { id } = made.stats();
  const watched = { id, name: 'watched' };
  const receiving = made.receiver.receive();
  await made.sender.send(1);
  await receiving;
  const sending = made.sender.send(2, { signal: new AbortController().signal });
  expect(await made.receiver.receive()).toBe(2);
  await sending;
  const next = made.receiver[Symbol.asyncIterator]().next();
  made.poison('enough');
  await expect(next).rejects.toThrow('enough');
  made.sender.leave();
  made.receiver.close();
  expect(heard).toEqual([
    ['created', watched],
    ['blocked', { ...watched, operation: 'receive' }],
    ['blocked', { ...watched, operation: 'send' }],
    ['blocked', { ...watched, operation: 'receive' }],
    ['poisoned', { ...watched, reason: 'enough' }],
    ['left', watched],
    ['closed', watched],
  ]);
});

test('what need not wait is not published as blocked', async () => {
  const heard = listen('blocked');
  const { sender, receiver } = channel<number>({ capacity: 1 });
  await sender.send(1);
  await receiver.receive();
  expect(heard).toEqual([]);
});

test('a select that waits is published for each of its cases', async () => {
  const heard = listen('blocked');
  const [a, b] = [channel<number>({ name: 'a' }), channel<number>({ name: 'b' })];
  await select([receive(a.receiver), send(b.sender, 1), otherwise()]);
  expect(heard).toEqual([]);
  const selecting = select([receive(a.receiver), send(b.sender, 1), after(60_000)]);
  expect(heard).toEqual([
    ['blocked', { id: a.receiver.channelId, name: 'a', operation: 'receive' }],
    ['blocked', { id: b.receiver.channelId, name: 'b', operation: 'send' }],
  ]);
  expect(b.receiver.tryReceive()).toBe(1);
  expect(await selecting).toMatchObject({ index: 1 });
});

test('the age of the oldest message is known when monitored', async () => {
  const watched = channel<number>({ capacity: 2, monitored: true });
  const other = channel<number>({ capacity: 2 });
  expect(watched.stats().oldestAge).toBeNull();
  await watched.sender.send(1);
  await other.sender.send(1);
  expect(watched.stats().oldestAge).toBeGreaterThanOrEqual(0);
  expect(other.stats().oldestAge).toBeNull();
});

test('the listing knows channels that Python made, until they go', async () => {
  const interpreter = await Interpreter.create();
  await interpreter.exec(python`
    from multicore import channels
    ends = channels.create(3, name="made in Python")
    ends[1].send(1)
  `);
  const named = () => channels().filter(({ name }) => name === 'made in Python');
  expect(named()).toMatchObject([{ capacity: 3, length: 1, sent: 1, senders: 1, receivers: 1 }]);
  await interpreter.exec('del ends');
  expect(named()).toEqual([]);
  await interpreter.close();
});
