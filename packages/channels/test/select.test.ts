import { after, channel, otherwise, receive, select, send } from '@multicore-python/channels';
import { expect, test } from 'vitest';

const buffered = <T>() => channel<T>({ capacity: 1 });

test('takes the case that is ready', async () => {
  const [a, b] = [buffered<number>(), buffered<string>()];
  await b.sender.send('b');
  const cases = [receive(a.receiver), receive(b.receiver)] as const;
  expect(await select(cases)).toEqual({ index: 1, case: cases[1], done: false, value: 'b' });
});

test('waits until a case is ready', async () => {
  const [a, b] = [channel<number>(), channel<string>()];
  const selecting = select([receive(a.receiver), receive(b.receiver)]);
  await a.sender.send(7);
  expect(await selecting).toMatchObject({ index: 0, value: 7 });
  expect(b.sender.trySend('nobody waits any more')).toBe(false);
});

test('sends', async () => {
  const a = buffered<string>();
  expect(await select([send(a.sender, 'x')])).toMatchObject({ index: 0, value: undefined });
  expect(await a.receiver.receive()).toBe('x');
});

test('a case that is not chosen does not happen', async () => {
  const [a, b] = [buffered<number>(), buffered<number>()];
  await a.sender.send(1);
  await select([receive(a.receiver), send(b.sender, 2)], { fair: false });
  expect(b.receiver.tryReceive()).toBeUndefined();
});

test('fair: false prefers the first', async () => {
  const [a, b] = [channel<number>({ capacity: 50 }), channel<number>({ capacity: 50 })];
  for (let n = 0; n < 50; n += 1) {
    a.sender.trySend(n);
    b.sender.trySend(n);
  }
  for (let n = 0; n < 50; n += 1)
    expect((await select([receive(a.receiver), receive(b.receiver)], { fair: false })).index).toBe(
      0,
    );
});

test('fair chooses each in its turn', async () => {
  const [a, b] = [channel<number>({ capacity: 200 }), channel<number>({ capacity: 200 })];
  for (let n = 0; n < 200; n += 1) {
    a.sender.trySend(n);
    b.sender.trySend(n);
  }
  const counts = [0, 0];
  for (let n = 0; n < 200; n += 1) {
    const { index } = await select([receive(a.receiver), receive(b.receiver)]);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  // 200 fair coins: below 40 heads once in 10^18.
  expect(Math.min(...counts)).toBeGreaterThan(40);
});

test('after is chosen when nothing else was', async () => {
  const a = channel<number>();
  expect(await select([receive(a.receiver), after(50), after(5)])).toMatchObject({
    index: 2,
    done: false,
  });
  expect(await select([after(1)])).toMatchObject({ index: 0 });
});

test('otherwise does not wait', async () => {
  const a = buffered<number>();
  expect(await select([receive(a.receiver), otherwise()])).toMatchObject({ index: 1 });
  await a.sender.send(1);
  expect(await select([otherwise(), receive(a.receiver)])).toMatchObject({ index: 1, value: 1 });
});

test('the end of a channel is a case that is ready', async () => {
  const a = buffered<number>();
  a.sender.close();
  expect(await select([receive(a.receiver)])).toMatchObject({
    index: 0,
    done: true,
    value: undefined,
  });
});

test('poison, timeout and abort reject', async () => {
  const a = channel<number>();
  await expect(select([receive(a.receiver)], { timeout: 5 })).rejects.toMatchObject({
    code: 'ERR_TIMEOUT',
  });
  await expect(select([receive(a.receiver), after(500)], { timeout: 5 })).rejects.toMatchObject({
    code: 'ERR_TIMEOUT',
  });
  await expect(
    select([receive(a.receiver)], { signal: AbortSignal.timeout(5) }),
  ).rejects.toMatchObject({ name: 'TimeoutError' });
  await expect(
    select([receive(a.receiver)], { signal: AbortSignal.abort(new Error('no')) }),
  ).rejects.toThrow('no');
  const selecting = select([receive(a.receiver)]);
  a.poison('bad');
  await expect(selecting).rejects.toMatchObject({ code: 'ERR_CHANNEL_POISONED' });
  await expect(select([])).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
  // From programs without types.
  for (const wrong of [new Map(), [undefined], { length: 0 }] as unknown[])
    await expect(select(wrong as [])).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
  const ready = [receive(channel().receiver), otherwise()] as const;
  const unfair = select(ready, { fair: 0 as unknown as boolean });
  await expect(unfair).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
});
