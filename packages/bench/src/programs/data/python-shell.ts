// Values through python-shell as JSON. It has no form for bytes and typed arrays.

import type { Opened } from '../../host/protocol.js';
import { openPythonShell } from '../peer/python-shell.js';
import { carrying } from './values.js';

export async function open(): Promise<Opened> {
  const { version, call, close } = openPythonShell();
  return {
    version,
    workloads: carrying({
      size: (value) => call('size', [value]),
      kept: (name) => call('kept', [name]),
      prepare: (name) => call('prepare', [name]),
    }),
    close,
  };
}
