// What authors of CSP libraries test each other with: choice on both sides of a channel, endings in the
// middle of a choice, meeting while somebody leaves, stopping what fails at the same time.

import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { channel, channels, type Receiver, type Sender } from '@multicore-python/channels';
import {
  after,
  alt,
  alternate,
  Barrier,
  closeIdleInterpreters,
  every,
  javascript,
  networks,
  ParallelError,
  par,
  poison,
  python,
  replicate,
  send,
  seq,
  skip,
  when,
} from '@multicore-python/csp';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, afterEach, describe, expect, test } from 'vitest';

afterAll(closeIdleInterpreters);
afterEach(() => {
  expect(networks()).toEqual([]);
  expect(
    channels().filter(
      ({ waitingReceivers, waitingSenders }) => waitingReceivers + waitingSenders > 0,
    ),
  ).toEqual([]);
});

const ROUNDS = 300;

/** Sends on one or receives from the other, whichever comes: gives what it did in each round. */
const eitherWay = (mine: Sender<number>, yours: Receiver<number>, name: string) =>
  javascript(
    async ({ mine, yours }) => {
      const seen: string[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const { name, value } = await alt({ give: send(mine, round), take: yours });
        seen.push(name === 'give' ? `give ${round}` : `take ${value}`);
        if (round % 7 === 0) await turn();
      }
      return seen;
    },
    { mine, yours },
    { name },
  );

const mirrored = (seen: readonly string[]): string[] =>
  seen.map((each) =>
    each.startsWith('give') ? each.replace('give', 'take') : each.replace('take', 'give'),
  );

describe('choice on both sides', () => {
  test('of a channel each way: both make the same choice, each time', async () => {
    const [a, b] = [channel<number>(), channel<number>()];
    const [one, two] = await par(
      eitherWay(a.sender, b.receiver, 'one'),
      eitherWay(b.sender, a.receiver, 'two'),
    );
    expect(two).toEqual(mirrored(one));
  });

  test('in different languages', async () => {
    const [a, b] = [channel<number>(), channel<number>()];
    const result = channel<readonly string[]>({ capacity: 1 });
    const [one, , two] = await par(
      eitherWay(a.sender, b.receiver, 'one'),
      python`
        from multicore import csp
        seen = []
        for number in range(${ROUNDS}):
            which, value = csp.alt(give=(${b.sender}, number), take=${a.receiver})
            seen.append(f"give {number}" if which == "give" else f"take {value}")
        ${result.sender}.send(tuple(seen))
      `,
      javascript(({ input }) => input.receive(), { input: result.receiver }),
    );
    expect(two).toEqual(mirrored(one));
  });

  test('nobody meets itself', async () => {
    const { sender, receiver } = channel<number>();
    const { name } = await alt({ give: send(sender, 1), take: receiver, late: after(20) });
    expect(name).toBe('late');
    const own = channel<number>();
    const [, which] = await par(
      javascript(() => {}),
      python<string>('builtins:eval', [
        "__import__('multicore.csp').csp.alt((out, 1), input, late=__import__('multicore.csp').csp.after(0.02))[0]",
        { out: own.sender, input: own.receiver },
      ]),
    );
    expect(which).toBe('late');
  });

  test('the same receiver twice takes a message once', async () => {
    const { sender, receiver } = channel<number>({ capacity: 4 });
    for (const n of [1, 2, 3]) await sender.send(n);
    const seen: number[] = [];
    for (let round = 0; round < 3; round += 1)
      seen.push((await alt({ a: receiver, b: receiver })).value as number);
    expect(seen).toEqual([1, 2, 3]);
  });

  test('what is not chosen is not sent, what has no precondition not looked at', async () => {
    const [a, b] = [channel<number>({ capacity: 1 }), channel<number>({ capacity: 1 })];
    await a.sender.send(1);
    const chosen = await alt({ in: a.receiver, out: send(b.sender, 2) }, { fair: false });
    expect(chosen).toMatchObject({ name: 'in', value: 1 });
    expect(b.receiver.stats().length).toBe(0);
    const { name } = await alt({ out: when(false, send(b.sender, 3)), none: skip });
    expect(name).toBe('none');
    expect(b.receiver.stats().length).toBe(0);
  });

  test('with nothing to choose from is an error, and not for ever', async () => {
    for (const choice of [{}, { never: when(false, skip) }])
      await expect(alt(choice)).rejects.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringContaining('would wait forever'),
      });
  });

  test('a guard that is always ready starves none, be it an output', async () => {
    const out = channel<number>({ capacity: Number.POSITIVE_INFINITY });
    const input = channel<number>({ capacity: 8 });
    for (let n = 0; n < 8; n += 1) await input.sender.send(n);
    const names: string[] = [];
    for await (const { name } of alternate({
      out: () => send(out.sender, 0),
      in: input.receiver,
    })) {
      names.push(name);
      if (names.length === 16) break;
    }
    expect(names.filter((name) => name === 'in')).toHaveLength(8);
  });
});

describe('endings', () => {
  test('poison in the middle of choices: what was sent was received', async () => {
    for (let round = 0; round < 40; round += 1) {
      const work = channel<number>();
      const idle = channel<number>();
      let sent = 0;
      let received = 0;
      await par(
        javascript(
          async ({ out, idle }) => {
            for (;;) {
              // `idle` may end meanwhile.
              if ((await alt({ out: send(out, sent), idle })).name === 'out') sent += 1;
            }
          },
          { out: work.sender, idle: idle.receiver },
        ),
        javascript(
          async ({ input }) => {
            for (;;) {
              await alt({ input });
              received += 1;
            }
          },
          { input: work.receiver },
        ),
        javascript(
          async ({ idle, input }) => {
            for (let n = 0; n < round % 9; n += 1) await turn();
            poison('enough', round % 2 === 0 ? idle : input);
          },
          { idle: idle.sender, input: work.receiver },
        ),
      );
      expect(received - sent, `round ${round}`).toBe(0);
    }
  });

  test('a nested par fails while the outer one is aborted: it ends, once', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    for (let round = 0; round < 30; round += 1) {
      const controller = new AbortController();
      const reason = new Error('aborted');
      const a = channel<number>();
      const running = par(
        par(
          javascript(async () => {
            for (let n = 0; n < round % 5; n += 1) await turn();
            throw new Error('inner');
          }),
          javascript(({ input }) => input.receive(), { input: a.receiver, keep: a.sender }),
        ),
        javascript(({ signal }) => sleep(60_000, undefined, { signal })),
      ).run({ signal: controller.signal });
      const ended = running.catch((error: unknown) => error);
      for (let n = 0; n < round % 3; n += 1) await turn();
      controller.abort(reason);
      const error = await ended;
      expect(error === reason || error instanceof ParallelError, String(error)).toBe(true);
      expect(a.receiver.isOpen).toBe(false);
    }
    await turn();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test('nothing at all, side by side, in sequence and replicated', async () => {
    expect(await par()).toEqual([]);
    expect(await seq()).toEqual([]);
    expect(await replicate(0, () => javascript(() => 1))).toEqual([]);
  });

  test('processes that are killed leave clean ones behind', async () => {
    await closeIdleInterpreters();
    for (let round = 0; round < 4; round += 1) {
      const ready = channel<number>({ capacity: 1 });
      const running = par(
        python`
          import builtins, threading
          builtins.left_behind = here = 1
          ${ready.sender}.send(1)
          while True: pass
        `,
      ).run();
      const ended = running.catch((error: unknown) => error);
      await ready.receiver.receive();
      const victim = Interpreter.list().find(({ state }) => state === 'running');
      if (round % 2 === 0) victim?.interrupt();
      else await victim?.close({ timeout: 0 });
      expect(await ended).toBeInstanceOf(ParallelError);
      const [clean] = await par(
        python<boolean>('builtins:eval', [
          "hasattr(__import__('builtins'), 'left_behind') or 'here' in __import__('__main__').__dict__",
          {},
        ]),
      );
      expect(clean).toBe(false);
    }
  });
});

describe('meeting and time', () => {
  test('somebody resigns while the others choose: who is left meets', async () => {
    for (let round = 0; round < 30; round += 1) {
      const step = new Barrier(3);
      const never = channel<number>();
      const party = () =>
        javascript(
          async ({ step, never }) => (await alt({ met: step, never })).name,
          { step, never: never.receiver },
          { name: 'party' },
        );
      const results = await par(
        party(),
        party(),
        javascript(
          async ({ step }) => {
            for (let n = 0; n < round % 6; n += 1) await turn();
            await step.resign();
          },
          { step },
        ),
      );
      expect(results).toEqual(['met', 'met', undefined]);
      // Until here the other guard could have come.
      never.sender.leave();
    }
  });

  test('ticks do not drift, however long each is dealt with', async () => {
    const INTERVAL = 5;
    const ticks = every(INTERVAL);
    // When it began is not told: but all ticks are whole intervals after one moment.
    let [earliest, latest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    let last = -1;
    for (let round = 0; round < 20; round += 1) {
      const before = performance.now();
      const { value } = await alt({ tick: ticks });
      const now = performance.now();
      const tick = value as number;
      expect(tick).toBeGreaterThan(last);
      last = tick;
      // It was `tick` whole intervals after the beginning, and not yet one more when it was asked for.
      latest = Math.min(latest, now - tick * INTERVAL);
      earliest = Math.max(earliest, before - (tick + 1) * INTERVAL);
      await sleep(round % 4 === 0 ? INTERVAL * 2 : 1);
    }
    // 1 ms: what Node's timers round.
    expect(earliest).toBeLessThanOrEqual(latest + 1);
  });
});
