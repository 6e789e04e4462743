// Networks of JavaScript processes of @multicore-python/csp, and of both languages by turns.

import { type Channel, channel, type Receiver, type Sender } from '@multicore-python/channels';
import {
  alt,
  closeIdleInterpreters,
  javascript,
  type Process,
  par,
  python,
} from '@multicore-python/csp';
import type { Opened } from '../../host/protocol.js';
import { version } from '../peer/multicore.js';
import { pythonDirectory } from '../peer/surroundings.js';

const RING = 100;
type Numbers = Channel<number>;

const prefix = (out: Sender<number>, back: Receiver<number>, n: number): Process<unknown> =>
  javascript(
    async ({ out, back }) => {
      let value = 0;
      for (let i = 0; i < n; i += 1) {
        await out.send(value);
        value = await back.receive();
      }
    },
    { out, back },
  );

const delta = (
  source: Receiver<number>,
  left: Sender<number>,
  right: Sender<number>,
  n: number,
): Process<unknown> =>
  javascript(
    async ({ source, left, right }) => {
      for (let i = 0; i < n; i += 1) {
        const value = await source.receive();
        await left.send(value);
        await right.send(value);
      }
    },
    { source, left, right },
  );

const successor = (source: Receiver<number>, out: Sender<number>, n: number): Process<unknown> =>
  javascript(
    async ({ source, out }) => {
      for (let i = 0; i < n; i += 1) await out.send((await source.receive()) + 1);
    },
    { source, out },
  );

const consume = (source: Receiver<number>, n: number): Process<number> =>
  javascript(
    async ({ source }) => {
      let total = 0;
      for (let i = 0; i < n; i += 1) {
        const value = await source.receive();
        total += value;
      }
      return total;
    },
    { source },
  );

export function open(): Opened {
  const four = (): [Numbers, Numbers, Numbers, Numbers] => [
    channel(),
    channel(),
    channel(),
    channel(),
  ];
  const inPython = (name: string, ...args: unknown[]): Process<unknown> =>
    python(`bench_csp:${name}`, args, { path: [pythonDirectory()] });
  let ring: { token: Numbers; done: Numbers; running: Promise<unknown> } | null = null;

  return {
    version,
    workloads: {
      commstime: async (n) => {
        const [a, b, c, d] = four();
        const results = await par(
          consume(d.receiver, n),
          prefix(a.sender, c.receiver, n),
          delta(a.receiver, b.sender, d.sender, n),
          successor(b.receiver, c.sender, n),
        ).run();
        return results[0];
      },
      'commstime-mixed': async (n) => {
        const [a, b, c, d] = four();
        const results = await par(
          consume(d.receiver, n),
          inPython('prefix', a.sender, c.receiver, n),
          delta(a.receiver, b.sender, d.sender, n),
          inPython('successor', b.receiver, c.sender, n),
        ).run();
        return results[0];
      },
      'ring-100': async (n) => {
        ring ??= largeRing();
        await ring.token.sender.send(n);
        return await ring.done.receiver.receive();
      },
      'select-4': async (n) => {
        const quarter = Math.ceil(n / 4);
        const from = [64, 64, 64, 64].map((capacity) => channel<number>({ capacity }));
        const [w, x, y, z] = from.map(({ receiver }) => receiver) as [
          Receiver<number>,
          Receiver<number>,
          Receiver<number>,
          Receiver<number>,
        ];
        const results = await par(
          javascript(
            async (guards) => {
              let total = 0;
              for (let i = 0; i < quarter * 4; i += 1) {
                const { w, x, y, z } = guards;
                const event = await alt({ w, x, y, z });
                if (event.done) throw new Error('ended early');
                total += event.value;
              }
              return total;
            },
            { w, x, y, z },
          ),
          ...from.map(({ sender }) =>
            javascript(
              async ({ out }) => {
                for (let i = 0; i < quarter; i += 1) await out.send(7);
              },
              // A clone: one that has sent everything must not end the choice.
              { out: sender.clone() },
            ),
          ),
        ).run();
        for (const { sender } of from) sender.leave();
        return results[0];
      },
    },
    close: async () => {
      ring?.token.sender.poison();
      await ring?.running;
      await closeIdleInterpreters();
    },
  };
}

function largeRing(): { token: Numbers; done: Numbers; running: Promise<unknown> } {
  const links = Array.from({ length: RING }, () => channel<number>());
  const done = channel<number>();
  const members = links.map((link, index) =>
    javascript(
      async ({ source, out, done }) => {
        for await (const left of source)
          if (left === 0) await done.send(0);
          else await out.send(left - 1);
      },
      {
        source: link.receiver.clone(),
        out: (links[(index + 1) % RING] as Numbers).sender.clone(),
        done: done.sender.clone(),
      },
    ),
  );
  const [token] = links as [Numbers];
  return { token, done, running: par(...members).run() };
}
