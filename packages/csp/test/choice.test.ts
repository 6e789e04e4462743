import { setTimeout as sleep } from 'node:timers/promises';
import { channel, type Receiver, type Sender } from '@multicore-python/channels';
import {
  alt,
  alternate,
  at,
  blocking,
  dropping,
  every,
  farm,
  forever,
  javascript,
  par,
  poison,
  repeat,
  retire,
  send,
  sliding,
  when,
} from '@multicore-python/csp';
import { describe, expect, test } from 'vitest';

describe('times', () => {
  test('a deadline does not begin anew with each wait', async () => {
    const a = channel<number>({ capacity: 100 });
    const late = at(Date.now() + 40);
    const source = setInterval(() => a.sender.trySend(1), 5);
    let count = 0;
    for (;;) {
      const event = await alt({ a: a.receiver, late });
      if (event.name === 'late') break;
      count += 1;
    }
    clearInterval(source);
    expect(count).toBeGreaterThan(0);
    expect((await alt({ late: at(new Date(0)) })).name).toBe('late');
    expect(() => at(Number.NaN)).toThrow('Date');
  });

  test('ticks are numbered, and those that were missed left out', async () => {
    const tick = every(5);
    const first = await alt({ tick });
    expect(first.value).toBeGreaterThanOrEqual(1);
    await sleep(30);
    const second = await alt({ tick });
    expect(second.value).toBeGreaterThan(first.value + 1);
    const seen: number[] = [];
    for await (const number of every(1)) if (seen.push(number) === 3) break;
    expect(seen).toEqual(seen.toSorted((x, y) => x - y));
    expect(() => every(0)).toThrow('more than 0');
  });
});

describe('alternate', () => {
  test('starves nobody: a guard that stays ready is chosen within as many rounds as there are guards', async () => {
    const [a, b, c] = [1, 2, 3].map(() => channel<string>({ capacity: 1000 }));
    if (a === undefined || b === undefined || c === undefined) throw new Error('three channels');
    for (let n = 0; n < 300; n += 1) for (const each of [a, b, c]) each.sender.trySend('x');
    const choice = alternate({ a: a.receiver, b: b.receiver, c: c.receiver, tick: every(1) });
    const waits: Record<string, number> = { a: 0, b: 0, c: 0 };
    let longest = 0;
    for (let round = 0; round < 300; round += 1) {
      const { name } = await choice.next();
      for (const each of Object.keys(waits)) {
        waits[each] = each === name ? 0 : (waits[each] ?? 0) + 1;
        longest = Math.max(longest, waits[each] ?? 0);
      }
    }
    expect(longest).toBeLessThan(4);
  });

  test('a prioritized alt does starve: what the test above would show', async () => {
    const [a, b] = [channel<string>({ capacity: 100 }), channel<string>({ capacity: 100 })];
    for (let n = 0; n < 100; n += 1) for (const each of [a, b]) each.sender.trySend('x');
    const names = new Set<string>();
    for (let round = 0; round < 100; round += 1)
      names.add((await alt({ a: a.receiver, b: b.receiver }, { fair: false })).name);
    expect([...names]).toEqual(['a']);
  });

  test('a time has its turn although others are always ready', async () => {
    const a = channel<number>({ capacity: Number.POSITIVE_INFINITY });
    for (let n = 0; n < 10_000; n += 1) a.sender.trySend(n);
    const choice = alternate({ a: a.receiver, late: at(Date.now()) });
    const names = [(await choice.next()).name, (await choice.next()).name];
    expect(names.toSorted()).toEqual(['a', 'late']);
  });

  test('guards may be functions, and iterating ends with the receivers', async () => {
    const [input, out] = [channel<number>(), channel<number>()];
    const buffer: number[] = [];
    const both = par(
      javascript(
        async ({ sender }) => {
          for (let n = 0; n < 20; n += 1) await sender.send(n);
        },
        { sender: input.sender },
      ),
      javascript(
        async ({ input, out }) => {
          const choice = alternate({
            put: () => when(buffer.length < 3, input),
            take: () => when(buffer.length > 0, send(out, buffer[0] ?? 0)),
          });
          for await (const event of choice) {
            if (event.name === 'take') buffer.shift();
            else if (event.done) break;
            else buffer.push(event.value);
          }
          for (const rest of buffer) await out.send(rest);
        },
        { input: input.receiver, out: out.sender },
      ),
      javascript(
        async ({ receiver }) => {
          const all: number[] = [];
          for await (const n of receiver) all.push(n);
          return all;
        },
        { receiver: out.receiver },
      ),
    );
    expect((await both)[2]).toEqual([...Array(20).keys()]);
  });
});

describe('buffers', () => {
  const fill = async (c: { sender: Sender<number>; receiver: Receiver<number> }) => {
    for (let n = 0; n < 5; n += 1) await c.sender.send(n);
    c.sender.close();
    const all: number[] = [];
    for await (const n of c.receiver) all.push(n);
    return all;
  };
  test('dropping keeps the oldest, sliding the newest, blocking all', async () => {
    expect(await fill(channel<number>(dropping(2)))).toEqual([0, 1]);
    expect(await fill(channel<number>(sliding(2)))).toEqual([3, 4]);
    const full = channel<number>(blocking(2, 'full'));
    expect([1, 2, 3].map((n) => full.sender.trySend(n))).toEqual([true, true, false]);
    expect(full.stats().name).toBe('full');
  });
});

describe('ends', () => {
  test('any-to-any: many senders, many receivers, each message once', async () => {
    const c = channel<number>();
    const all: number[] = [];
    const send = (from: number) =>
      javascript(
        async ({ out }) => {
          for (let n = from; n < from + 50; n += 1) await out.send(n);
        },
        { out: c.sender },
      );
    const take = () =>
      javascript(
        async ({ input }) => {
          for await (const n of input) all.push(n);
        },
        { input: c.receiver },
      );
    await par(send(0), send(50), send(100), take(), take());
    expect(all.toSorted((x, y) => x - y)).toEqual([...Array(150).keys()]);
  });

  test('ends are sent over channels: a reply comes where the request says', async () => {
    const requests = channel<readonly [number, Sender<number>]>();
    const [, answer] = await par(
      javascript(
        async ({ requests }) => {
          for await (const [n, reply] of requests) {
            await reply.send(n * n);
            reply.leave();
          }
        },
        { requests: requests.receiver },
      ),
      javascript(
        async ({ requests }) => {
          using reply = channel<number>();
          await requests.send([7, reply.sender]);
          return await reply.receiver.receive();
        },
        { requests: requests.sender },
      ),
    );
    expect(answer).toBe(49);
  });

  test('retire travels a network and loses nothing', async () => {
    const [a, b] = [channel<number>({ capacity: 4 }), channel<number>({ capacity: 4 })];
    const [, , all] = await par(
      javascript(
        async ({ out }) => {
          for (let n = 0; n < 10; n += 1) await out.send(n);
          retire(out);
          await sleep(5);
        },
        { out: a.sender },
      ),
      forever(
        javascript(
          async ({ input, out }) => {
            await out.send((await input.receive()) * 2);
          },
          { input: a.receiver, out: b.sender },
        ),
      ),
      javascript(
        async ({ input }) => {
          const seen: number[] = [];
          for await (const n of input) seen.push(n);
          return seen;
        },
        { input: b.receiver },
      ),
    );
    expect(all).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  });

  test('poison travels a network, and ends it', async () => {
    const [a, b] = [channel<number>(), channel<number>()];
    const pass = (input: Receiver<number>, out: Sender<number>) =>
      javascript(
        async ({ input, out }) => {
          for await (const n of input) await out.send(n);
        },
        { input, out },
        { name: 'pass' },
      );
    const c = channel<number>();
    const running = par(
      pass(a.receiver, b.sender),
      pass(b.receiver, c.sender),
      javascript(async ({ out, back }) => poison('enough', out, back), {
        out: a.sender,
        back: c.receiver,
      }),
    ).run();
    expect(await running).toEqual([undefined, undefined, undefined]);
    for (const end of [a.sender, b.sender, c.receiver]) expect(end.isOpen).toBe(false);
  });
});

test('repeat runs a process so many times, and lets go of its ends once', async () => {
  const c = channel<number>();
  let n = 0;
  const [, all] = await par(
    repeat(
      3,
      javascript(
        async ({ out }) => {
          n += 1;
          await out.send(n);
        },
        { out: c.sender },
      ),
    ),
    javascript(
      async ({ input }) => {
        const seen: number[] = [];
        for await (const each of input) seen.push(each);
        return seen;
      },
      { input: c.receiver },
    ),
  );
  expect(all).toEqual([1, 2, 3]);
});

test('an ordered farm keeps the order, and no more in flight than wanted', async () => {
  const [jobs, results] = [channel<number>(), channel<number>()];
  let taken = 0;
  let delivered = 0;
  let most = 0;
  const [, , all] = await par(
    javascript(
      async ({ out }) => {
        for (let n = 0; n < 40; n += 1) {
          await out.send(n);
          taken += 1;
          most = Math.max(most, taken - delivered);
        }
      },
      { out: jobs.sender },
    ),
    farm({
      workers: 4,
      ordered: true,
      inFlight: 5,
      input: jobs.receiver,
      output: results.sender,
      worker: (input, output, index) =>
        javascript(
          async ({ input, output }) => {
            for await (const n of input) {
              await sleep((n * 7 + index * 3) % 5);
              await output.send(n * 10);
            }
          },
          { input, output },
        ),
    }),
    javascript(
      async ({ input }) => {
        const seen: number[] = [];
        for await (const n of input) {
          delivered += 1;
          seen.push(n);
        }
        return seen;
      },
      { input: results.receiver },
    ),
  );
  expect(all).toEqual([...Array(40).keys()].map((n) => n * 10));
  expect(most).toBeLessThanOrEqual(6);
});
