// The pool suite on child processes that python-shell talks to.

import type { Opened } from '../../host/protocol.js';
import { openPythonShell } from '../peer/python-shell.js';
import { peerVersion } from '../peer/surroundings.js';
import { type Lane, warm } from './lanes.js';
import { poolWorkloads } from './workloads.js';

function lane(): Lane {
  const shell = openPythonShell();
  return {
    call: (name, args) => shell.call(name, args) as Promise<number>,
    close: () => shell.close(),
  };
}

export async function open(): Promise<Opened> {
  const { workloads, close } = poolWorkloads((workers) =>
    warm(Array.from({ length: workers }, lane)),
  );
  return { version: peerVersion('python-shell', 'python-shell'), workloads, close };
}
