// Networks of Python processes of @multicore-python/csp: each in an interpreter of its own.

import { type Channel, channel } from '@multicore-python/channels';
import { closeIdleInterpreters, par, python } from '@multicore-python/csp';
import type { Opened } from '../../host/protocol.js';
import { version } from '../peer/multicore.js';
import { pythonDirectory } from '../peer/surroundings.js';

const RING = 4;
const LARGE_RING = 100;

export async function open(): Promise<Opened> {
  const options = { path: [pythonDirectory()] };
  const process_ = (name: string, ...args: unknown[]) =>
    python<number>(`bench_csp:${name}`, args, options);
  const channels = (count: number, capacity: number): Channel<number>[] =>
    Array.from({ length: count }, () => channel<number>({ capacity }));

  // Made once and kept: a hundred interpreters take a second to start.
  let large: { token: Channel<number>; done: Channel<number>; running: Promise<unknown> } | null =
    null;
  const largeRing = () => {
    const links = channels(LARGE_RING, 0);
    const done = channel<number>();
    const members = links.map((link, index) =>
      process_(
        'lower',
        link.receiver.clone(),
        (links[(index + 1) % LARGE_RING] as Channel<number>).sender.clone(),
        done.sender.clone(),
      ),
    );
    const [token] = links as [Channel<number>];
    return { token, done, running: par(...members).run() };
  };

  return {
    version,
    workloads: {
      commstime: async (n) => {
        const [a, b, c, d] = channels(4, 0) as [
          Channel<number>,
          Channel<number>,
          Channel<number>,
          Channel<number>,
        ];
        const results = await par(
          process_('prefix', a.sender, c.receiver, n),
          process_('delta', a.receiver, b.sender, d.sender, n),
          process_('successor', b.receiver, c.sender, n),
          process_('consume', d.receiver, n),
        ).run();
        return results[3];
      },
      ring: async (n) => {
        const turns = Math.ceil(n / RING);
        const links = channels(RING, 1);
        const at = (index: number): Channel<number> => links[index % RING] as Channel<number>;
        const hops = [1, 2, 3].map((index) =>
          process_('hop', at(index).receiver, at(index + 1).sender, turns, 1),
        );
        const first = process_('start', at(0).receiver, at(1).sender, turns);
        return (await par(first, ...hops).run())[0];
      },
      'ring-100': async (n) => {
        large ??= largeRing();
        await large.token.sender.send(n);
        return await large.done.receiver.receive();
      },
      'select-4': async (n) => {
        const quarter = Math.ceil(n / 4);
        const from = channels(4, 64);
        const results = await par(
          process_(
            'select',
            from.map(({ receiver }) => receiver),
          ),
          ...from.map(({ sender }) => process_('produce', sender, quarter)),
        ).run();
        return results[0];
      },
      select: async (n) => {
        const half = Math.ceil(n / 2);
        const [a, b] = channels(2, 64) as [Channel<number>, Channel<number>];
        const results = await par(
          process_('produce', a.sender, half),
          process_('produce', b.sender, half),
          process_('select', [a.receiver, b.receiver]),
        ).run();
        return results[2];
      },
    },
    close: async () => {
      large?.token.sender.poison();
      await large?.running;
      await closeIdleInterpreters();
    },
  };
}
