import { setTimeout as sleep } from 'node:timers/promises';
import { channel, channels } from '@multicore-python/channels';
import {
  closeIdleInterpreters,
  type Exit,
  heartbeat,
  javascript,
  link,
  monitor,
  network,
  par,
  python,
  type Strategy,
  SupervisionError,
  supervise,
} from '@multicore-python/csp';
import { Interpreter, python as source } from '@multicore-python/interpreters';
import { afterAll, describe, expect, test } from 'vitest';
import { collect, numbers } from '../processes.js';

afterAll(closeIdleInterpreters);

/** Fails in its first runs. */
const flaky = (name: string, failures: number, log: string[]) => {
  let runs = 0;
  return javascript(
    async ({ signal }) => {
      runs += 1;
      log.push(`${name}${runs}`);
      if (runs <= failures) {
        await sleep(5);
        throw new Error(`${name} failed`);
      }
      await sleep(40, undefined, { signal });
    },
    {},
    { name },
  );
};

describe('strategies', () => {
  const run = async (strategy: Strategy) => {
    const log: string[] = [];
    await supervise([flaky('a', 0, log), flaky('b', 1, log), flaky('c', 0, log)], { strategy });
    return log.join(' ');
  };

  test('one-for-one restarts the one that failed', async () => {
    expect(await run('one-for-one')).toBe('a1 b1 c1 b2');
  });
  test('one-for-all restarts all', async () => {
    expect(await run('one-for-all')).toBe('a1 b1 c1 a2 b2 c2');
  });
  test('rest-for-one restarts those behind it too', async () => {
    expect(await run('rest-for-one')).toBe('a1 b1 c1 b2 c2');
  });
});

describe('restarts', () => {
  test('too many, and the supervisor fails', async () => {
    const log: string[] = [];
    const running = supervise([flaky('a', 99, log), flaky('b', 0, log)], {
      maxRestarts: 2,
      name: 'top',
    }).run();
    await expect(running).rejects.toBeInstanceOf(SupervisionError);
    await expect(running).rejects.toMatchObject({
      code: 'ERR_TOO_MANY_RESTARTS',
      message: expect.stringContaining('top gave up: 3 failures'),
    });
    expect(log.filter((each) => each.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
  });

  test('permanent, transient and temporary', async () => {
    const runs = { permanent: 0, transient: 0, temporary: 0 };
    const ends = (name: keyof typeof runs, after: number) =>
      javascript(
        async () => {
          runs[name] += 1;
          if (name === 'temporary') throw new Error('once');
          if (runs[name] > after) throw new Error('again');
        },
        {},
        { name },
      );
    await expect(
      supervise(
        [
          { process: ends('permanent', 99), restart: 'permanent' },
          { process: ends('transient', 99), restart: 'transient' },
          { process: ends('temporary', 0), restart: 'temporary' },
        ],
        { maxRestarts: 4 },
      ),
    ).rejects.toThrow('gave up');
    expect(runs).toEqual({ permanent: 5, transient: 1, temporary: 1 });
  });

  test('wait longer and longer with back-off', async () => {
    const times: number[] = [];
    const running = supervise(
      [
        javascript(async () => {
          times.push(performance.now());
          throw new Error('no');
        }),
      ],
      { maxRestarts: 3, backoff: { initial: 10, factor: 3 } },
    ).run();
    await expect(running).rejects.toThrow('gave up');
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(pauses).toHaveLength(3);
    for (const [index, least] of [9, 29, 89].entries())
      expect(pauses[index]).toBeGreaterThanOrEqual(least);
  });

  test('in a tree: the supervisor around one that gave up restarts it', async () => {
    const log: string[] = [];
    const exits: Exit[] = [];
    await supervise(
      [
        supervise([flaky('leaf', 3, log), flaky('other', 0, log)], {
          maxRestarts: 1,
          name: 'inner',
        }),
      ],
      { onExit: (exit) => exits.push(exit) },
    );
    expect(log.filter((each) => each.startsWith('leaf'))).toEqual([
      'leaf1',
      'leaf2',
      'leaf3',
      'leaf4',
    ]);
    expect(exits.map(({ process, reason }) => `${process} ${reason}`)).toEqual([
      'inner error',
      'inner normal',
    ]);
  });
});

describe('channels survive their processes', () => {
  test('in JavaScript: nothing that was accepted is lost between two runs', async () => {
    const [a, b] = [channel<number>({ capacity: 5 }), channel<number>({ capacity: 50 })];
    let runs = 0;
    const worker = javascript(
      async ({ input, out }) => {
        runs += 1;
        for (let n = 0; n < 7; n += 1) {
          const next = await input.receive();
          await out.send(next);
        }
        throw new Error('tired');
      },
      { input: a.receiver, out: b.sender },
      { name: 'worker' },
    );
    const [, , all] = await par(
      numbers(30, a.sender),
      supervise([worker], { maxRestarts: 100 }),
      collect(b.receiver),
    );
    expect(all).toEqual([...Array(30).keys()]);
    expect(runs).toBe(5);
  });

  test('in Python: an exception, a killed interpreter, a hang', async () => {
    const [a, b] = [channel<number>({ capacity: 5 }), channel<number>({ capacity: 50 })];
    const exits: Exit[] = [];
    const beat = heartbeat(400);
    const kill = () => {
      const worker = Interpreter.list().find(
        ({ name, state }) => name !== 'main' && state === 'running',
      );
      void worker?.close({ timeout: 0 });
    };
    const worker = python`
      while True:
          n = ${a.receiver}.recv()
          ${beat}()
          ${b.sender}.send(n)
          if n == 3: raise ValueError('three')
          if n == 6:
              ${kill}()
              import time
              time.sleep(10)
          if n == 9:
              while True: pass
    `;
    const [, , all] = await par(
      numbers(15, a.sender),
      supervise([{ process: worker, heartbeat: beat }], {
        maxRestarts: 5,
        within: 60_000,
        onExit: (exit) => exits.push(exit),
      }),
      collect(b.receiver),
    );
    expect(all).toEqual([...Array(15).keys()]);
    expect(exits.map(({ reason }) => reason)).toEqual(['error', 'killed', 'hang', 'normal']);
  });

  test('a par that is restarted does not poison what it shares with others', async () => {
    const [a, b] = [channel<number>({ capacity: 2 }), channel<number>({ capacity: 2 })];
    const inner = channel<number>();
    let runs = 0;
    const group = par(
      javascript(
        async ({ input, out }) => {
          for await (const n of input) await out.send(n);
        },
        { input: a.receiver, out: inner.sender },
        { name: 'first' },
      ),
      javascript(
        async ({ input, out }) => {
          runs += 1;
          for await (const n of input) {
            await out.send(n);
            if (n === 4 && runs === 1) throw new Error('once');
          }
        },
        { input: inner.receiver, out: b.sender },
        { name: 'second' },
      ),
    );
    const [, , all] = await par(numbers(10, a.sender), supervise([group]), collect(b.receiver));
    // The one that the first of the two had received when it was stopped is gone, and only that.
    expect(all.length).toBeGreaterThanOrEqual(9);
    expect(all.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(all.at(-1)).toBe(9);
  });
});

test('what a supervised process composed itself is stopped, and its channels are not', async () => {
  const jobs = channel<number>({ capacity: 4, name: 'jobs' });
  const gate = channel<number>({ name: 'gate' });
  for (const n of [1, 2, 3]) await jobs.sender.send(n);
  let runs = 0;
  let stopped = 0;
  const seen: number[] = [];
  const composing = javascript(
    async ({ input, gate }) => {
      runs += 1;
      if (runs > 1) return void seen.push(await input.receive(), await input.receive());
      await par(
        javascript(async ({ input }) => void seen.push(await input.receive()), { input }),
        javascript(
          async ({ gate }) => {
            try {
              await gate.receive();
            } finally {
              stopped += 1;
            }
          },
          { gate },
        ),
      );
    },
    { input: jobs.receiver.clone(), gate: gate.receiver },
    { name: 'composing' },
  );
  await supervise([{ process: composing, timeout: 50 }]);
  expect([runs, stopped, seen]).toEqual([2, 1, [1, 2, 3]]);
  jobs.receiver.leave();
});

test('so is what a supervised process composed in Python', async () => {
  const gate = channel<number>({ name: 'gate' });
  const tries = channel<number>({ capacity: 4 });
  const code = `
from multicore import csp
def waits(gate):
    gate.recv()
def composes(gate, tries):
    tries.send(1)
    if tries.stats()["sent"] < 2:
        csp.par(csp.python(waits, (gate,))).run()
    return gate.recv()
`;
  const composing = python(
    source`
      exec(${code})
      composes(${gate.receiver}, ${tries.sender})
    `,
    { name: 'composing' },
  );
  const exits: Exit[] = [];
  const running = supervise([{ process: composing, timeout: 400 }], {
    onExit: (exit) => exits.push(exit),
  }).run();
  for (const _ of [1, 2]) await tries.receiver.receive();
  await gate.sender.send(1);
  await running;
  expect(exits.map(({ reason }) => reason)).toEqual(['timeout', 'normal']);
});

describe('exits', () => {
  test('time-outs', async () => {
    const exits: Exit[] = [];
    let runs = 0;
    const slow = javascript(
      async ({ signal }) => {
        runs += 1;
        if (runs === 1) await sleep(60_000, undefined, { signal });
      },
      {},
      { name: 'slow' },
    );
    await supervise([{ process: slow, timeout: 20 }], { onExit: (exit) => exits.push(exit) });
    expect(exits.map(({ reason }) => reason)).toEqual(['timeout', 'normal']);
  });

  test('poison ends the whole: a restart would meet it again', async () => {
    const a = channel<number>();
    a.poison('rotten');
    let runs = 0;
    const worker = javascript(
      async ({ input }) => {
        runs += 1;
        await input.receive();
      },
      { input: a.receiver },
    );
    await expect(supervise([worker])).rejects.toThrow('rotten');
    expect(runs).toBe(1);
  });

  test('a monitor hears of every exit', async () => {
    const seen: string[] = [];
    const log: string[] = [];
    await supervise([
      monitor(flaky('a', 1, log), ({ process, reason }) => seen.push(`${process} ${reason}`)),
    ]);
    expect(seen).toEqual(['a error', 'a normal']);
  });

  test('linked processes fail together, whoever supervises them', async () => {
    const log: string[] = [];
    const bond = link();
    await par(
      supervise([bond(flaky('a', 1, log)), flaky('b', 0, log)]),
      supervise([bond(flaky('c', 0, log))]),
    );
    expect(log.toSorted()).toEqual(['a1', 'a2', 'b1', 'c1', 'c2']);
  });

  test('what does not stop is given up, and the network goes on', async () => {
    const exits: Exit[] = [];
    let runs = 0;
    const deaf = javascript(
      async () => {
        runs += 1;
        if (runs === 1) await new Promise(() => {});
      },
      {},
      { name: 'deaf' },
    );
    await supervise([{ process: deaf, timeout: 10, kill: 10 }], {
      onExit: (exit) => exits.push(exit),
    });
    expect(exits.map(({ reason }) => reason)).toEqual(['killed', 'normal']);
  }, 10_000);

  test('draining: a process that is asked to stop may finish what it has', async () => {
    const a = channel<string>({ capacity: 10 });
    let runs = 0;
    const polite = javascript(
      async ({ signal, out }) => {
        runs += 1;
        if (runs > 1) return;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        await sleep(5);
        await out.send('the last of it');
      },
      { out: a.sender },
      { name: 'polite' },
    );
    const log: string[] = [];
    await supervise([{ process: polite, drain: 5000 }, flaky('other', 1, log)], {
      strategy: 'one-for-all',
    });
    expect(a.receiver.tryReceive()).toBe('the last of it');
  });
});

test('restarts show in a snapshot, and back-off is no deadlock', async () => {
  const net = network('restarting');
  const [a, b] = [channel<number>(), channel<number>()];
  let runs = 0;
  const echo = javascript(
    async ({ input, out }) => {
      runs += 1;
      if (runs === 1) throw new Error('first');
      for await (const n of input) await out.send(n + 1);
    },
    { input: a.receiver, out: b.sender },
    { name: 'echo' },
  );
  const [, got] = await net.run(
    par(
      supervise([echo], { backoff: 700 }),
      javascript(
        async ({ out, back }) => {
          await out.send(1);
          return await back.receive();
        },
        { out: a.sender, back: b.receiver },
      ),
    ),
  );
  expect(got).toBe(2);
  expect(net.snapshot().processes.find(({ name }) => name === 'echo')?.restarts).toBe(1);
});

test('nothing is left behind', async () => {
  await closeIdleInterpreters();
  expect(Interpreter.list().map(({ name }) => name)).toEqual(['main']);
  expect(
    channels()
      .filter(({ waitingReceivers, waitingSenders }) => waitingReceivers + waitingSenders > 0)
      .map(({ name }) => name),
  ).toEqual([]);
});
