// What a supervisor holds while its children are started again: their channels, and what was accepted.

import { channel } from '@multicore-python/channels';
import {
  closeIdleInterpreters,
  type Exit,
  heartbeat,
  javascript,
  par,
  python,
  supervise,
} from '@multicore-python/csp';
import { Interpreter, python as source } from '@multicore-python/interpreters';
import { afterAll, describe, expect, test } from 'vitest';
import { collect, leftBehind, numbers } from '../processes.js';

afterAll(closeIdleInterpreters);

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

test('nothing is left behind', async () => expect(await leftBehind()).toEqual([]));
