// Calls through pythonia.

import type { Opened } from '../../host/protocol.js';
import { asyncCalls } from '../loops.js';
import { openPythonia, type Remote } from '../peer/pythonia.js';

export async function open(): Promise<Opened> {
  const { version, module, exit } = await openPythonia();
  // Looked up once: each access of a property is a round trip of its own.
  const add = (await module['add']) as Remote;
  return {
    version,
    workloads: asyncCalls((a, b) => add(a, b) as Promise<number>),
    close: exit,
  };
}
