import { setTimeout as sleep } from 'node:timers/promises';
import { channel } from '@multicore-python/channels';
import {
  closeIdleInterpreters,
  type Exit,
  javascript,
  link,
  monitor,
  network,
  par,
  type Strategy,
  SupervisionError,
  supervise,
} from '@multicore-python/csp';
import { afterAll, describe, expect, test } from 'vitest';
import { leftBehind } from '../processes.js';

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

test('nothing is left behind', async () => expect(await leftBehind()).toEqual([]));
