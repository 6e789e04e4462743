// Calls through pymport. Objects are converted with `toJS()`: what its documentation calls the raw,
// faster interface, as against `proxify`.

import type { Opened } from '../../host/protocol.js';
import { asyncCalls, exceptions, freshFloats, keywords, smallInts } from '../loops.js';
import { openPymport } from '../peer/pymport.js';

export async function open(): Promise<Opened> {
  const { version, module } = openPymport();
  const add = module.get('add');
  const scaled = module.get('scaled');
  const fail = module.get('fail');
  const call = (a: number, b: number): number => add.call(a, b).toJS() as number;
  return {
    version,
    workloads: {
      'sync-small': smallInts(call),
      'sync-fresh': freshFloats(call),
      'sync-kwargs': keywords((value, factor) => scaled.call({ value, factor }).toJS() as number),
      'sync-exception': exceptions((number) => {
        try {
          return fail.call(number);
        } catch (error) {
          // Its message lacks the type; the Python exception hangs on the error.
          throw new Error(`ValueError: ${String(error)}`);
        }
      }),
      ...asyncCalls(async (a, b) => (await add.callAsync(a, b)).toJS() as number),
    },
  };
}
