import { join } from 'node:path';
import { channel, type Sender } from '@multicore-python/channels';
import {
  after,
  alt,
  Barrier,
  closeIdleInterpreters,
  DeadlockError,
  javascript,
  network,
  par,
  python,
  skip,
} from '@multicore-python/csp';
import { afterAll, describe, expect, test } from 'vitest';

afterAll(closeIdleInterpreters);
const HERE = join(import.meta.dirname, 'python');

describe('Barrier', () => {
  test('nobody goes on before all have come', async () => {
    const barrier = new Barrier(4);
    const log: string[] = [];
    const party = (name: number) =>
      javascript(
        async ({ barrier }) => {
          for (let round = 0; round < 10; round += 1) {
            log.push(`${round}`);
            await barrier.sync();
          }
        },
        { barrier },
        { name: `party ${name}` },
      );
    await par(...[0, 1, 2, 3].map(party));
    expect(log).toEqual([...Array(40).keys()].map((n) => `${Math.floor(n / 4)}`));
  });

  test('parties enrol and resign', async () => {
    const barrier = new Barrier(1);
    await barrier.sync();
    await barrier.enrol();
    let isThrough = false;
    const waiting = barrier.sync().then(() => {
      isThrough = true;
    });
    expect((await alt({ barrier, idle: after(20) })).name).toBe('barrier');
    await waiting;
    expect(isThrough).toBe(true);
    const again = barrier.sync();
    while ((await barrier.count()).waiting === 0) await new Promise((done) => setImmediate(done));
    await barrier.resign();
    await again;
    expect(await barrier.count()).toEqual({ enrolled: 1, waiting: 0 });
  });

  test('as a guard: a party that turned to something else is not waited with', async () => {
    const barrier = new Barrier(2);
    const a = channel<number>({ capacity: 1 });
    expect((await alt({ barrier, idle: after(5) })).name).toBe('idle');
    expect((await barrier.count()).waiting).toBe(0);
    expect((await alt({ barrier, idle: skip })).name).toBe('idle');
    const other = barrier.sync();
    await a.sender.send(1);
    const event = await alt({ barrier, a: a.receiver });
    if (event.name === 'a')
      expect((await alt({ barrier, idle: after(1000) })).name).toBe('barrier');
    await other;
  });

  test('all meet or none does, however they turn', async () => {
    // Three barriers, three parties, each offering all three and a time: every meeting has all parties.
    const barriers = { x: new Barrier(3), y: new Barrier(3), z: new Barrier(3) };
    const met = { x: [0, 0, 0], y: [0, 0, 0], z: [0, 0, 0] };
    let left = 3;
    const party = (index: number) =>
      javascript(
        async ({ barriers }) => {
          let rounds = 0;
          while (rounds < 60) {
            rounds += 1;
            const event = await alt({ ...barriers, late: after(index + (rounds % 3)) });
            if (event.name === 'late') continue;
            const counts = met[event.name];
            counts[index] = (counts[index] ?? 0) + 1;
          }
          left -= 1;
        },
        { barriers },
        { name: `party ${index}` },
      );
    await par(party(0), party(1), party(2));
    expect(left).toBe(0);
    for (const counts of Object.values(met)) expect(new Set(counts).size).toBe(1);
    expect(met.x.concat(met.y, met.z).some((count) => count > 0)).toBe(true);
  });

  test('poison wakes those who wait', async () => {
    const barrier = new Barrier(2);
    const waiting = barrier.sync();
    barrier.poison('over');
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_CHANNEL_POISONED' });
    await expect(barrier.sync()).rejects.toThrow('over');
  });

  test('an abort takes the offer back', async () => {
    const barrier = new Barrier(2);
    const controller = new AbortController();
    const waiting = barrier.sync({ signal: controller.signal });
    setTimeout(() => controller.abort(new Error('no')), 5);
    await expect(waiting).rejects.toThrow('no');
    expect(await barrier.count()).toEqual({ enrolled: 2, waiting: 0 });
    expect(() => new Barrier(-1)).toThrow('whole number');
  });

  test('a network that fails poisons the barriers it was handed', async () => {
    const barrier = new Barrier(2);
    const running = par(
      javascript(({ barrier }) => barrier.sync(), { barrier }, { name: 'waits' }),
      javascript(() => Promise.reject(new Error('failed'))),
    ).run();
    await expect(running).rejects.toMatchObject({ stopped: ['waits'] });
  });
});

describe('a barrier of both languages', () => {
  const inPython = (step: Barrier, rounds: number, log: Sender<string>) => python`
    for round in range(${rounds}):
        ${log}.send(f"{round}")
        ${step}.sync()
  `;
  const inJavaScript = (step: Barrier, rounds: number, log: Sender<string>) =>
    javascript(
      async ({ step, log }) => {
        for (let round = 0; round < rounds; round += 1) {
          await log.send(`${round}`);
          await step.sync();
        }
      },
      { step, log },
    );

  test('its parties meet', async () => {
    const step = new Barrier(4);
    const log = channel<string>({ capacity: Number.POSITIVE_INFINITY });
    const seen = log.receiver;
    await par(
      inPython(step, 20, log.sender),
      inJavaScript(step, 20, log.sender),
      inPython(step, 20, log.sender),
      inJavaScript(step, 20, log.sender),
    );
    const all: string[] = [];
    for await (const round of seen) all.push(round);
    expect(all).toEqual([...Array(80).keys()].map((n) => `${Math.floor(n / 4)}`));
  });

  test('all meet or none does, however they turn', async () => {
    const step = new Barrier(3);
    // What each met at, counted until all have turned away often enough.
    const [first, second, third] = await par(
      javascript(
        async ({ step }) => {
          let met = 0;
          for (let round = 0; round < 60; round += 1)
            if ((await alt({ step, late: after(round % 4) })).name === 'step') met += 1;
          return met;
        },
        { step },
      ),
      python<number>('turning:turn', [step, 60, 1], { path: [HERE] }),
      python<number>('turning:turn', [step, 60, 2], { path: [HERE] }),
    );
    expect([second, third]).toEqual([first, first]);
  });

  test('who waits at it for ever is reported', async () => {
    const step = new Barrier(3, { name: 'step' });
    const log = channel<string>({ capacity: Number.POSITIVE_INFINITY });
    const error = await network('barrier of both')
      .run(par(inPython(step, 1, log.sender), inJavaScript(step, 1, log.sender)))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DeadlockError);
    expect(
      (error as DeadlockError).blocked.map(({ operation, channels }) => [operation, ...channels]),
    ).toEqual([
      ['sync', 'step'],
      ['sync', 'step'],
    ]);
  });
});
