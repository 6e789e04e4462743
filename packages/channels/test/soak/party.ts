// Node's party of the soak: random operations, many at a time, with an account of them.

import {
  type Channel,
  ChannelClosedError,
  ChannelPoisonedError,
  receive,
  select,
  send,
  TimeoutError,
  type WaitOptions,
} from '@multicore-python/channels';

/** `[channel, message]` */
export type Entry = readonly [number, number];

/** What a party was accepted, and what it got. */
export type Account = readonly [sent: readonly Entry[], received: readonly Entry[]];

/** Does random things until every channel has ended. */
export async function takePart(
  random: () => number,
  number: number,
  channels: readonly Channel<number>[],
): Promise<Account> {
  const sent: Entry[] = [];
  const received: Entry[] = [];
  const open = new Set(channels.keys());
  let last = number * 2 ** 32;
  const pick = (): number => [...open][Math.floor(random() * open.size)] as number;
  const at = (index: number): Channel<number> => channels[index] as Channel<number>;

  const limits = (): WaitOptions => {
    const dice = random();
    if (dice < 0.3) return { timeout: dice * 10 };
    if (dice < 0.5) return { signal: AbortSignal.timeout(Math.floor(dice * 8)) };
    if (dice < 0.6) return { signal: AbortSignal.abort(), timeout: 1 };
    return {};
  };
  const actions: ((index: number) => Promise<unknown>)[] = [
    async (index) => {
      last += 1;
      const message = last;
      await at(index).sender.send(message, limits());
      sent.push([index, message]);
    },
    async (index) => {
      last += 1;
      if (at(index).sender.trySend(last)) sent.push([index, last]);
    },
    async (index) => received.push([index, await at(index).receiver.receive(limits())]),
    async (index) => {
      const message = at(index).receiver.tryReceive();
      if (message !== undefined) received.push([index, message]);
    },
    async (index) => {
      const many = await at(index).receiver.receiveMany(5, limits());
      for (const message of many) received.push([index, message]);
      if (many.length === 0) open.delete(index);
    },
    async (index) => {
      for await (const message of at(index).receiver) {
        received.push([index, message]);
        if (random() < 0.3) return;
      }
      open.delete(index);
    },
    async () => {
      const indices = [pick(), pick(), pick()];
      const cases = indices.map((index) => {
        if (random() < 0.5) return receive(at(index).receiver);
        last += 1;
        return send(at(index).sender, last);
      });
      const options = { ...limits(), fair: random() < 0.5 };
      const chosen = await select(cases, options);
      const index = indices[chosen.index] as number;
      if (chosen.case.kind === 'send') sent.push([index, chosen.case.value]);
      else if (chosen.done) open.delete(index);
      else received.push([index, chosen.value as number]);
    },
  ];

  while (open.size > 0) {
    const index = pick();
    try {
      await actions[Math.floor(random() * actions.length)]?.(index);
    } catch (error) {
      if (error instanceof ChannelPoisonedError || error instanceof ChannelClosedError)
        for (const each of [...open]) forgetIfEnded(each);
      else if (!(error instanceof TimeoutError) && !isAbort(error)) throw error;
    }
    // Everything may have been done at once: timers and the others need their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return [sent, received];

  /** Drains a channel that takes no more messages; it is over when nothing is on its way. */
  function forgetIfEnded(index: number): void {
    if (!at(index).stats().closed) return;
    try {
      let message = at(index).receiver.tryReceive();
      while (message !== undefined) {
        received.push([index, message]);
        message = at(index).receiver.tryReceive();
      }
    } catch {
      open.delete(index);
    }
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && ['AbortError', 'TimeoutError'].includes(error.name);
}
