// One more interpreter, and many one after the other: @multicore-python/interpreters.

import type { Interpreter } from '@multicore-python/interpreters';
import type { Opened } from '../../host/protocol.js';
import { interpreter, version } from '../peer/multicore.js';

export async function open(): Promise<Opened> {
  const kept: Interpreter[] = [await interpreter()];
  const used = async (py: Interpreter): Promise<number> =>
    await py.call<number>('bench_functions:add', [40, 2]);
  return {
    version,
    workloads: {
      settle: () => used(kept[0] as Interpreter),
      extra: async (n) => {
        let last = 0;
        for (let i = 0; i < n; i += 1) {
          const py = await interpreter();
          last = await used(py);
          await py.close();
        }
        return last;
      },
      'extra-memory': async (n) => {
        let last = 0;
        for (let i = 0; i < n; i += 1) {
          const py = await interpreter();
          kept.push(py);
          last = await used(py);
        }
        return last;
      },
      churn: async (n) => {
        for (let i = 0; i < n; i += 1) {
          const py = await interpreter();
          await py.exec('import json, re, datetime');
          await py.close();
        }
        return 42;
      },
    },
    close: () => Promise.all(kept.map((py) => py.close())),
  };
}
