// The same networks as plain async generators: what JavaScript has without channels. A generator is
// pulled by one consumer, so there is neither a ring nor a choice among them.

import type { Opened } from '../../host/protocol.js';

async function* numbers(): AsyncGenerator<number> {
  for (let value = 0; ; value += 1) yield value;
}

async function* same(source: AsyncIterable<number>): AsyncGenerator<number> {
  for await (const value of source) yield value;
}

export function open(): Opened {
  return {
    version: process.version,
    workloads: {
      // A turn of commstime is four communications: so four generators in a row.
      commstime: async (n) => {
        let total = 0;
        let left = n;
        for await (const value of same(same(same(numbers())))) {
          total += value;
          left -= 1;
          if (left === 0) break;
        }
        return total;
      },
      // A hundred in a row; each value that is pulled makes a hundred hops.
      'ring-100': async (n) => {
        let row = numbers();
        for (let index = 1; index < 100; index += 1) row = same(row);
        let hops = 0;
        for await (const _ of row) {
          hops += 100;
          if (hops >= n) break;
        }
        return 0;
      },
    },
  };
}
