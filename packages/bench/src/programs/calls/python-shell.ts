// Calls through python-shell.

import type { Opened } from '../../host/protocol.js';
import { asyncCalls } from '../loops.js';
import { openPythonShell } from '../peer/python-shell.js';

export async function open(): Promise<Opened> {
  const { version, call, close } = openPythonShell();
  return {
    version,
    workloads: asyncCalls((a, b) => call('add', [a, b]) as Promise<number>),
    close,
  };
}
