// Calls through @multicore-python/interpreters.

import type { Opened } from '../../host/protocol.js';
import { asyncCalls, exceptions, freshFloats, keywords, smallInts } from '../loops.js';
import { interpreter, version } from '../peer/multicore.js';

export async function open(): Promise<Opened> {
  const py = await interpreter();
  const add = py.function<[number, number], number>('bench_functions:add');
  const scaled = py.function<[], number>('bench_functions:scaled');
  const fail = py.function<[number], never>('bench_functions:fail');
  return {
    version,
    workloads: {
      'sync-small': smallInts(add.sync),
      'sync-fresh': freshFloats(add.sync),
      'sync-kwargs': keywords((value, factor) => scaled.syncWith({ kwargs: { value, factor } })),
      'sync-exception': exceptions(fail.sync),
      ...asyncCalls(add),
    },
    close: () => py.close(),
  };
}
