// Networks of Python processes of @multicore-python/csp: each in an interpreter of its own.

import { type Channel, channel } from '@multicore-python/channels';
import { closeIdleInterpreters, par, python } from '@multicore-python/csp';
import type { Opened } from '../../host/protocol.js';
import { version } from '../peer/multicore.js';
import { pythonDirectory } from '../peer/surroundings.js';

const RING = 4;

export async function open(): Promise<Opened> {
  const options = { path: [pythonDirectory()] };
  const process_ = (name: string, ...args: unknown[]) =>
    python<number>(`bench_csp:${name}`, args, options);
  const channels = (count: number, capacity: number): Channel<number>[] =>
    Array.from({ length: count }, () => channel<number>({ capacity }));

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
    close: closeIdleInterpreters,
  };
}
