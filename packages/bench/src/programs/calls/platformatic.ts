// Requests through @platformatic/python-node, in the place of calls.

import type { Opened } from '../../host/protocol.js';
import { asyncCalls, freshFloats, smallInts } from '../loops.js';
import { openPlatformatic } from '../peer/platformatic.js';

export async function open(): Promise<Opened> {
  const { version, call, callSync } = openPlatformatic();
  const add = (a: number, b: number): number => callSync('add', [a, b]) as number;
  return {
    version,
    workloads: {
      'sync-small': smallInts(add),
      'sync-fresh': freshFloats(add),
      ...asyncCalls((a, b) => call('add', [a, b]) as Promise<number>),
    },
  };
}
