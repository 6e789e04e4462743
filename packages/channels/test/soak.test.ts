// Eight interpreters and Node do random things to twenty channels; then every message is accounted
// for. `npm run soak:channels` does it for minutes.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Channel, type ChannelOptions, channel } from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';
import { expect, test } from 'vitest';
import { type Account, takePart } from './soak/party.js';
import { randomFrom } from './soak/random.js';

const SECONDS = Number(process.env['MULTICORE_SOAK_SECONDS'] ?? 6);
const SEED = Number(process.env['MULTICORE_SOAK_SEED'] ?? 20_261_121);
const INTERPRETERS = 8;
const NODE_PARTIES = 6;
const CHANNELS = 20;
const ROUND_MS = 500;
const KINDS: ChannelOptions[] = [
  { capacity: 0 },
  { capacity: 1 },
  { capacity: 3 },
  { capacity: 64 },
  { capacity: Number.POSITIVE_INFINITY },
  { capacity: 2, overflow: 'drop-oldest' },
  { capacity: 2, overflow: 'drop-newest' },
  { capacity: 0, overflow: 'drop-newest' },
];

test(
  `every message is accounted for (seed ${SEED})`,
  async () => {
    const path = [join(import.meta.dirname, 'python')];
    const interpreters = await Promise.all(
      Array.from({ length: INTERPRETERS }, () => Interpreter.create({ path })),
    );
    const random = randomFrom(SEED);
    const end = performance.now() + SECONDS * 1000;
    let messages = 0;
    do messages += await round(interpreters, random);
    while (performance.now() < end);
    expect(messages).toBeGreaterThan(0);
    console.log(`soak: ${messages} messages`);
    await Promise.all(interpreters.map((interpreter) => interpreter.close()));
  },
  (SECONDS + 60) * 1000,
);

/** One life of twenty channels. Gives how many messages were accepted. */
async function round(interpreters: Interpreter[], random: () => number): Promise<number> {
  const channels = Array.from({ length: CHANNELS }, (_, index) =>
    channel<number>({ ...KINDS[index % KINDS.length], name: `soak ${index}` }),
  );
  const ends = channels.map(({ sender, receiver }) => [sender, receiver]);
  const seed = (): number => Math.floor(random() * 2 ** 31);
  const parties = [
    ...interpreters.map((interpreter, number) =>
      interpreter.call<Account>('soaking:run', [seed(), number + 1, ends]),
    ),
    ...Array.from({ length: NODE_PARTIES }, (_, number) =>
      takePart(randomFrom(seed()), INTERPRETERS + number + 1, channels),
    ),
  ];
  // Nobody may hear of a failure only at the end: the others would wait for it.
  const all = Promise.all(parties);
  all.catch(() => {
    for (const each of channels) each.poison('a party failed');
  });
  for (const each of channels) {
    await sleep(ROUND_MS / CHANNELS);
    if (random() < 0.15) each.poison('enough');
    else each.sender.clone().close();
  }
  const accounts = await all;
  for (const [index, each] of channels.entries()) check(index, each, accounts);
  for (const each of channels) each[Symbol.dispose]();
  return accounts.reduce((sum, [sent]) => sum + sent.length, 0);
}

/** What was accepted was received once, or dropped and counted as dropped. */
function check(index: number, { stats }: Channel<number>, accounts: readonly Account[]): void {
  const of = (side: 0 | 1): number[] =>
    accounts.flatMap((account) => account[side].filter(([at]) => at === index).map(([, m]) => m));
  const [sent, received] = [of(0), of(1)];
  const figures = stats();
  const accepted = new Set(sent);
  const got = new Set(received);
  expect(got.size, `channel ${index}: messages received twice`).toBe(received.length);
  expect(
    received.filter((message) => !accepted.has(message)),
    `channel ${index}: messages received that nobody sent`,
  ).toEqual([]);
  const lost = sent.length - received.length;
  expect(lost, `channel ${index}: messages lost`).toBe(figures.dropped);
  const mayDrop = figures.poisoned !== null || index % KINDS.length >= 5;
  if (!mayDrop) expect(lost, `channel ${index}: messages lost`).toBe(0);
  expect(figures, `channel ${index}`).toMatchObject({
    length: 0,
    sent: sent.length,
    received: received.length,
    waitingSenders: 0,
    waitingReceivers: 0,
  });
}
