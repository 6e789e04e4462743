import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelPoisonedError, type Receiver, type Sender } from '@multicore-python/channels';
import {
  channel,
  closeIdleInterpreters,
  javascript,
  network,
  ParallelError,
  par,
  poison,
  python,
  seq,
} from '@multicore-python/csp';
import { afterAll, describe, expect, test } from 'vitest';

afterAll(closeIdleInterpreters);

const failing = (message: string, name?: string) =>
  javascript(
    async () => {
      throw new Error(message);
    },
    {},
    { name },
  );

const untilStopped = (name: string, log: string[] = []) =>
  javascript(
    ({ signal }) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => {
          log.push(name);
          reject(signal.reason);
        });
      }),
    {},
    { name },
  );

describe('par', () => {
  test('says what is no process', () => {
    const forgotten = async (): Promise<void> => {};
    expect(() =>
      par(
        javascript(() => 1),
        forgotten as never,
      ),
    ).toThrow('argument 1 is: function');
    expect(() => seq(undefined as never)).toThrow('argument 0 is: undefined');
  });

  test('resolves with every result, in order', async () => {
    await expect(
      par(
        javascript(() => sleep(5, 'slow')),
        javascript(() => 'fast'),
      ),
    ).resolves.toEqual(['slow', 'fast']);
    await expect(par()).resolves.toEqual([]);
  });

  test('nothing runs before it is awaited', async () => {
    let isRun = false;
    const whole = par(
      javascript(() => {
        isRun = true;
      }),
    );
    await sleep(1);
    expect(isRun).toBe(false);
    await whole;
    expect(isRun).toBe(true);
  });

  test('the first failure stops the others, waits for them and names who failed', async () => {
    const log: string[] = [];
    const error = await par(untilStopped('a', log), failing('broken', 'b'), untilStopped('c', log))
      .run()
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(ParallelError);
    expect(error).toMatchObject({
      message: 'Process b: broken',
      code: 'ERR_PROCESS_FAILED',
      failures: [{ process: 'b' }],
      stopped: ['a', 'c'],
    });
    expect(error.cause.message).toBe('broken');
    expect(log).toEqual(['a', 'c']);
  });

  test('a failure while stopping is reported too', async () => {
    const clumsy = javascript(
      async ({ signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new Error('while stopping');
      },
      {},
      { name: 'clumsy' },
    );
    const error = await par(failing('first'), clumsy)
      .run()
      .catch((reason) => reason);
    expect(error.failures.map((each: { error: Error }) => each.error.message)).toEqual([
      'first',
      'while stopping',
    ]);
    expect(error.message).toContain('2 processes failed');
  });

  test('an abort stops everybody and rejects with its reason', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const running = par(untilStopped('a', log), seq(untilStopped('b', log))).run({
      signal: controller.signal,
    });
    await sleep(1);
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(log.sort()).toEqual(['a', 'b']);
  });

  test('an aborted signal starts nothing', async () => {
    let isRun = false;
    const whole = par(
      javascript(() => {
        isRun = true;
      }),
    );
    await expect(whole.run({ signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    expect(isRun).toBe(false);
  });

  test('a nested failure stops the outer network', async () => {
    const log: string[] = [];
    const error = await par(
      untilStopped('outer', log),
      par(untilStopped('inner', log), failing('deep', 'd')),
    )
      .run()
      .catch((reason) => reason);
    expect(log.sort()).toEqual(['inner', 'outer']);
    expect(error.failures[0].error).toBeInstanceOf(ParallelError);
    expect(error.message).toContain('Process d: deep');
  });
});

describe('seq', () => {
  test('runs one after the other and stops at the first failure', async () => {
    const log: string[] = [];
    const note = (name: string) => javascript(() => void log.push(name));
    await expect(seq(note('a'), failing('b'), note('c'))).rejects.toThrow('b');
    expect(log).toEqual(['a']);
    await expect(
      seq(
        javascript(() => 1),
        javascript(() => 'x'),
      ),
    ).resolves.toEqual([1, 'x']);
  });
});

describe('poison', () => {
  const endless = (out: Sender<number>) =>
    javascript(
      async ({ out }) => {
        for (let n = 0; ; n += 1) await out.send(n);
      },
      { out },
      { name: 'endless' },
    );

  test('travels the network and ends it, which is no failure', async () => {
    const [a, b, c] = [channel<number>(), channel<number>(), channel<number>()];
    const net = network('poisoned');
    const [first, doubled, , last] = await net.run(
      par(
        endless(a.sender),
        python`for n in ${a.receiver}: ${b.sender}.send(2 * n)`,
        par(
          javascript(
            async ({ input, out }) => {
              for await (const n of input) await out.send(n);
            },
            { input: b.receiver, out: c.sender },
          ),
        ),
        javascript(
          async ({ input }) => {
            const seen = [await input.receive(), await input.receive()];
            poison('enough', input);
            return seen;
          },
          { input: c.receiver },
        ),
      ),
    );
    expect([first, doubled, last]).toEqual([undefined, undefined, [0, 2]]);
    expect(
      net
        .snapshot()
        .processes.map(({ state }) => state)
        .toSorted(),
    ).toEqual(['done', 'stopped', 'stopped', 'stopped']);
  });

  test('the reason arrives everywhere as it was given', async () => {
    const [a, b] = [channel<number>(), channel<number>()];
    const reasons: string[] = [];
    const listening = (input: Receiver<number>, out: Sender<number>) =>
      javascript(
        async ({ input, out }) => {
          try {
            for await (const n of input) await out.send(n);
          } catch (error) {
            if (error instanceof ChannelPoisonedError) reasons.push(error.reason);
            throw error;
          }
        },
        { input, out },
      );
    const c = channel<number>();
    await par(
      listening(a.receiver, b.sender),
      python('builtins:list', [b.receiver]),
      listening(c.receiver, a.sender),
      javascript(({ input }) => poison('the café closes', input), { input: b.sender.clone() }),
      javascript(
        async ({ out }) => {
          for (let n = 0; ; n += 1) await out.send(n);
        },
        { out: c.sender },
      ),
    );
    expect(reasons).toEqual(['the café closes', 'the café closes']);
  });

  test('a failure beside it is still one', async () => {
    const a = channel<number>();
    const error = await par(
      endless(a.sender),
      javascript(
        ({ input }) => {
          poison('enough', input);
          throw new Error('after that');
        },
        { input: a.receiver },
        { name: 'clumsy' },
      ),
    )
      .run()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failures: [{ process: 'clumsy' }] });
  });

  test('a sequence is not gone on with', async () => {
    const a = channel<number>();
    let isRun = false;
    const rest = seq(
      javascript(({ input }) => input.receive(), { input: a.receiver }),
      javascript(() => {
        isRun = true;
      }),
    );
    await par(
      rest,
      javascript(({ out }) => poison('no more', out), { out: a.sender }),
    );
    expect(isRun).toBe(false);
  });
});
