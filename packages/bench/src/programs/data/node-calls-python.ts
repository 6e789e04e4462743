// Values through synchronous calls of node-calls-python.

import type { Opened } from '../../host/protocol.js';
import { openNodeCallsPython } from '../peer/node-calls-python.js';
import { carrying } from './values.js';

export async function open(): Promise<Opened> {
  const { version, py, module } = openNodeCallsPython();
  const call = (name: string) => (value: unknown) => py.callSync(module, name, value);
  return {
    version,
    workloads: carrying({ size: call('size'), kept: call('kept'), prepare: call('prepare') }),
  };
}
