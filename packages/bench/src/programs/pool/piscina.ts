// The pool suite on Piscina: each of its threads has a Python child process of its own.

import type { Opened } from '../../host/protocol.js';
import { peerVersion, requirePeer } from '../peer/surroundings.js';
import { poolWorkloads, type TaskPool } from './workloads.js';

interface Pool {
  run(task: readonly [string, readonly unknown[]]): Promise<number>;
  destroy(): Promise<void>;
}

export async function open(): Promise<Opened> {
  const { Piscina } = requirePeer<{ Piscina: new (options: object) => Pool }>('piscina', 'piscina');
  const { workloads, close } = poolWorkloads(async (workers): Promise<TaskPool> => {
    const pool = new Piscina({
      filename: new URL('../parallel/piscina-thread.js', import.meta.url).href,
      minThreads: workers,
      maxThreads: workers,
      idleTimeout: Number.POSITIVE_INFINITY,
    });
    await Promise.all(Array.from({ length: workers * 4 }, () => pool.run(['tiny', [1]])));
    return { run: (name, args) => pool.run([name, args]), close: () => pool.destroy() };
  });
  return { version: peerVersion('piscina', 'piscina'), workloads, close };
}
