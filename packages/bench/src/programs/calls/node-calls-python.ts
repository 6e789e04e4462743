// Calls through node-calls-python.

import type { Opened } from '../../host/protocol.js';
import { asyncCalls, exceptions, freshFloats, keywords, smallInts } from '../loops.js';
import { openNodeCallsPython } from '../peer/node-calls-python.js';

export async function open(): Promise<Opened> {
  const { version, py, module } = openNodeCallsPython();
  const add = (a: number, b: number): number => py.callSync(module, 'add', a, b) as number;
  return {
    version,
    workloads: {
      'sync-small': smallInts(add),
      'sync-fresh': freshFloats(add),
      'sync-kwargs': keywords(
        (value, factor) =>
          py.callSync(module, 'scaled', { value, factor, __kwargs: true }) as number,
      ),
      'sync-exception': exceptions((number) => py.callSync(module, 'fail', number)),
      ...asyncCalls((a, b) => py.call(module, 'add', a, b) as Promise<number>),
    },
  };
}
