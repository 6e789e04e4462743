// Operations that wait: promises, cancelling, time limits, select.

import { describe, expect, it } from 'vitest';
import { failureOf, load } from './support.js';

const binding = load();
const FOREVER = Number.POSITIVE_INFINITY;

describe('send and receive', () => {
  it('meet in a rendezvous, whoever comes first', async () => {
    const [sender, receiver] = binding.createChannel(0, 0, undefined);
    const received = binding.receive(receiver, FOREVER, 0);
    expect(binding.send(sender, 'first', FOREVER, 0)).toBeUndefined();
    expect(await received).toBe('first');
    const sent = binding.send(sender, 'second', FOREVER, 0);
    expect(binding.channelStats(sender).waitingSenders).toBe(1);
    expect(binding.tryReceive(receiver)).toBe('second');
    await sent;
  });

  it('settle in the order of the messages', async () => {
    const [sender, receiver] = binding.createChannel(0, 0, undefined);
    const order: unknown[] = [];
    const receives = Array.from({ length: 3000 }, () =>
      binding.receive(receiver, FOREVER, 0).then((value) => order.push(value)),
    );
    for (let i = 0; i < 3000; i++) expect(binding.trySend(sender, i)).toBe(true);
    await Promise.all(receives);
    expect(order).toEqual(Array.from({ length: 3000 }, (_, i) => i));
  });

  it('end with the channel', async () => {
    const [sender, receiver] = binding.createChannel(0, 0, undefined);
    const received = binding.receive(receiver, FOREVER, 0);
    const poisoned = binding.createChannel(0, 0, undefined);
    const lost = binding.receive(poisoned[1], FOREVER, 0);
    binding.closeEnd(sender);
    binding.poison(poisoned[0], 'enough');
    expect(await received).toBe(binding.ENDED);
    expect(await failureOf(() => lost)).toEqual({
      kind: 'channel',
      why: 'poisoned',
      reason: 'enough',
    });
    expect(await failureOf(() => binding.trySend(sender, 1))).toMatchObject({ why: 'closed' });
    expect(await failureOf(() => binding.send(sender, 1, FOREVER, 0))).toMatchObject({
      why: 'closed',
    });
  });

  it('are stopped by their number and by time, and lose nothing', async () => {
    const [sender, receiver] = binding.createChannel(0, 0, undefined);
    const cancelled = binding.receive(receiver, FOREVER, 11);
    const late = binding.send(sender, 'late', 10, 0);
    // The waiting receiver took it: it is not late at all.
    expect(late).toBeUndefined();
    expect(await cancelled).toBe('late');
    const again = binding.receive(receiver, FOREVER, 12);
    binding.cancelOperation(12);
    binding.cancelOperation(12);
    expect(await failureOf(() => again)).toEqual({ kind: 'channel', why: 'cancelled' });
    expect(await failureOf(() => binding.receive(receiver, 5, 0))).toMatchObject({
      why: 'timeout',
    });
    expect(await failureOf(() => binding.send(sender, 1, 0, 0))).toMatchObject({ why: 'timeout' });
    expect(binding.channelStats(sender)).toMatchObject({ waitingSenders: 0, waitingReceivers: 0 });
  });

  it('take many at once, and say how many', () => {
    const [sender, receiver] = binding.createChannel(5, 0, undefined);
    expect(binding.trySendMany(sender, [1, 'b', [3], 4, 5, 6, 7])).toBe(5);
    expect(binding.tryReceiveMany(receiver, 2)).toEqual([1, 'b']);
    expect(binding.tryReceiveMany(receiver, 100)).toEqual([[3], 4, 5]);
    expect(binding.tryReceiveMany(receiver, 100)).toEqual([]);
    binding.trySend(sender, 1);
    binding.closeEnd(sender);
    expect(binding.tryReceiveMany(receiver, 100)).toEqual([1]);
    expect(binding.tryReceiveMany(receiver, 100)).toBe(binding.ENDED);
  });

  it('refuse capacities that are none', async () => {
    for (const capacity of [-1, 0.5, Number.NaN, 'x' as unknown as number]) {
      expect(await failureOf(() => binding.createChannel(capacity, 0, undefined))).toMatchObject({
        kind: 'invalid',
      });
    }
  });
});

describe('select', () => {
  it('commits the case that is ready', async () => {
    const [a, b] = [binding.createChannel(1, 0, undefined), binding.createChannel(1, 0, undefined)];
    const cases = [{ receive: a[1] }, { receive: b[1] }];
    expect(await binding.select(cases, true, false, FOREVER, 0)).toEqual([-1, undefined]);
    binding.trySend(b[0], 'x');
    expect(await binding.select(cases, true, true, FOREVER, 0)).toEqual([1, 'x']);
    const both = [{ receive: a[1] }, { send: b[0], value: 7 }];
    expect(await binding.select(both, false, true, FOREVER, 0)).toEqual([1, undefined]);
    expect(binding.tryReceive(b[1])).toBe(7);
  });

  it('waits for the first of them', async () => {
    const [a, b] = [binding.createChannel(0, 0, undefined), binding.createChannel(0, 0, undefined)];
    const waiting = binding.select([{ receive: a[1] }, { receive: b[1] }], true, true, FOREVER, 0);
    expect(binding.trySend(b[0], 'b')).toBe(true);
    expect(binding.trySend(a[0], 'a')).toBe(false);
    expect(await waiting).toEqual([1, 'b']);
  });

  it('ends, times out and is cancelled like any other', async () => {
    const [sender, receiver] = binding.createChannel(0, 0, undefined);
    const cases = [{ receive: receiver }];
    expect(await failureOf(() => binding.select(cases, true, true, 5, 0))).toMatchObject({
      why: 'timeout',
    });
    const waiting = binding.select(cases, true, true, FOREVER, 5);
    binding.cancelOperation(5);
    expect(await failureOf(() => waiting)).toMatchObject({ why: 'cancelled' });
    binding.closeEnd(sender);
    expect(await binding.select(cases, true, true, FOREVER, 0)).toEqual([0, binding.ENDED]);
  });
});
