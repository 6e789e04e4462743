// What can be seen of channels: publications, figures, ages.

import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
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
import { describe, expect, onTestFinished, test, vi } from 'vitest';

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
  const before = performance.now();
  await watched.sender.send(1);
  const after = performance.now();
  await sleep(20);
  const second = performance.now();
  await watched.sender.send(2);
  await other.sender.send(1);
  const least = performance.now() - after;
  const age = watched.stats().oldestAge;
  expect(age).toBeGreaterThanOrEqual(least - 1);
  expect(age).toBeLessThanOrEqual(performance.now() - before + 1);
  await watched.receiver.receive();
  expect(watched.stats().oldestAge).toBeLessThanOrEqual(performance.now() - second + 1);
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

describe('what Python code does', () => {
  const PARTIES = `
import asyncio
from multicore import channels

def everything():
    receiver, sender = channels.create(1, name='python')
    sender.send(1)
    receiver.recv()
    try:
        receiver.recv(timeout=0.001)
    except TimeoutError:
        pass
    try:
        receiver.recv(timeout=0)
    except TimeoutError:
        pass
    sender.send(2)
    try:
        channels.select([(sender, 3)], timeout=0.001)
    except TimeoutError:
        pass
    channels.select([(sender, 3), receiver], timeout=1)
    async def wait():
        try:
            await asyncio.wait_for(receiver.recv_async(), 0.001)
        except TimeoutError:
            pass
    asyncio.run(wait())
    sender.leave()
    receiver.close()
    receiver, sender = channels.create(1, name='python')
    sender.poison('enough')
`;

  /** The events of channels with this name, in the order of what Python did, once all are there. */
  async function pythonsEvents(interpreter: Interpreter): Promise<unknown[]> {
    const heard = listen('created', 'blocked', 'poisoned', 'left', 'closed');
    await interpreter.call('__main__:everything');
    await vi.waitFor(() => expect(heard.at(-1)?.[0]).toBe('poisoned'));
    return heard.map(([event, { id: _, name, ...more }]) => {
      expect(name).toBe('python');
      return [event, more];
    });
  }

  test('is published, too, with the interpreter that did it', async () => {
    await using interpreter = await Interpreter.create();
    await interpreter.exec(PARTIES);
    const by = { interpreter: interpreter.id };
    const expected = [
      ['created', by],
      ['blocked', { ...by, operation: 'receive' }],
      ['blocked', { ...by, operation: 'send' }],
      ['blocked', { ...by, operation: 'receive' }],
      ['left', by],
      ['closed', by],
      ['created', by],
      ['poisoned', { ...by, reason: 'enough' }],
    ];
    expect(await pythonsEvents(interpreter)).toEqual(expected);
  });

  test('is published to those who subscribed, as long as they do', async () => {
    await using interpreter = await Interpreter.create();
    await interpreter.exec(PARTIES);
    const heard: string[] = [];
    const hear = (event: unknown): void => {
      const { operation, name } = event as ChannelEvent;
      if (name === 'python') heard.push(operation ?? 'other');
    };
    const blocked = diagnostics.channel('multicore-python:channel:blocked');
    blocked.subscribe(hear);
    await interpreter.call('__main__:everything');
    await vi.waitFor(() => expect(heard).toEqual(['receive', 'send', 'receive']));
    blocked.unsubscribe(hear);
    expect(blocked.hasSubscribers).toBe(false);
    // Whoever listens now gets his own alone, and nothing that was not told before.
    const created = listen('created');
    await interpreter.call('__main__:everything');
    await vi.waitFor(() => expect(created).toHaveLength(2));
    expect(heard).toHaveLength(3);
    expect(blocked.unsubscribe(hear)).toBe(false);
  });

  test('is published in each environment that listens, and a Worker that has ended is none', async () => {
    await using interpreter = await Interpreter.create();
    await interpreter.exec(PARTIES);
    const worker = new Worker(
      `
      const diagnostics = require('node:diagnostics_channel');
      const { parentPort } = require('node:worker_threads');
      import('@multicore-python/channels').then(({ channel }) => {
        // Loads the addon.
        channel();
        diagnostics.subscribe('multicore-python:channel:poisoned', ({ name, reason }) => {
          if (name === 'python') parentPort.postMessage(reason);
        });
        // Keeps the Worker alive.
        parentPort.on('message', () => {});
        parentPort.postMessage('ready');
      });
      `,
      { eval: true },
    );
    const [ready] = await once(worker, 'message');
    expect(ready).toBe('ready');
    const told = once(worker, 'message');
    const heard = listen('poisoned');
    await interpreter.call('__main__:everything');
    expect(await told).toEqual(['enough']);
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    await worker.terminate();
    await interpreter.call('__main__:everything');
    await vi.waitFor(() => expect(heard).toHaveLength(2));
  });

  test('does not pile up without bound for an event loop that is busy', async () => {
    await using interpreter = await Interpreter.create();
    await interpreter.exec(`
from multicore import channels
def many(count):
    for _ in range(count):
        channels.create(1, name='many')
`);
    const heard = listen('created');
    // The event loop is blocked meanwhile.
    interpreter.callSync('__main__:many', [25_000]);
    await new Promise((resolve) => setImmediate(resolve));
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0));
    expect(heard.length).toBeLessThanOrEqual(10_000);
    const before = heard.length;
    await interpreter.call('__main__:many', [10]);
    await vi.waitFor(() => expect(heard).toHaveLength(before + 10));
  });
});
