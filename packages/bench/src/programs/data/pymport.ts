// Values through pymport: JavaScript values convert on the way in, `toJS()` converts on the way out.

import type { Opened } from '../../host/protocol.js';
import { openPymport } from '../peer/pymport.js';
import { carrying } from './values.js';

export async function open(): Promise<Opened> {
  const { version, module, fromJS } = openPymport();
  const call = (name: string) => {
    const found = module.get(name);
    return (value: unknown) =>
      found.call(Object.getPrototypeOf(value) === Object.prototype ? fromJS(value) : value).toJS();
  };
  return {
    version,
    workloads: carrying({ size: call('size'), kept: call('kept'), prepare: call('prepare') }),
  };
}
