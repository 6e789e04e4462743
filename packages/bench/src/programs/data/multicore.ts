// Values through synchronous calls of @multicore-python/interpreters.

import type { Opened } from '../../host/protocol.js';
import { interpreter, version } from '../peer/multicore.js';
import { carrying } from './values.js';

export async function open(): Promise<Opened> {
  const py = await interpreter();
  const call = (name: string) => py.function<[unknown]>(`bench_functions:${name}`).sync;
  return {
    version,
    workloads: carrying({ size: call('size'), kept: call('kept'), prepare: call('prepare') }),
    close: () => py.close(),
  };
}
