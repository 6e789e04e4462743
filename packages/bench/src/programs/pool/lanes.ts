// The least pool that makes one of single workers: for peers that have none. Gives each task to the
// worker that has the fewest, and lets a few small ones wait there so that none runs dry.

import type { TaskPool } from './workloads.js';

/** One worker. */
export interface Lane {
  call(name: string, args: readonly unknown[]): Promise<number>;
  close(): Promise<unknown>;
}

/** Tiny tasks that a worker may have; of others, one. */
const DEPTH = 64;

/** A pool of these workers. */
export function laned(lanes: readonly Lane[]): TaskPool {
  const free = lanes.map((lane) => ({ lane, busy: 0 }));
  const waiting: (() => void)[] = [];
  const run = async (name: string, args: readonly unknown[]): Promise<number> => {
    const depth = name === 'tiny' ? DEPTH : 1;
    let slot = free.reduce((least, one) => (one.busy < least.busy ? one : least));
    while (slot.busy >= depth) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      slot = free.reduce((least, one) => (one.busy < least.busy ? one : least));
    }
    slot.busy += 1;
    try {
      return await slot.lane.call(name, args);
    } finally {
      slot.busy -= 1;
      waiting.shift()?.();
    }
  };
  return { run, close: () => Promise.all(lanes.map((lane) => lane.close())) };
}

/** Lanes that have each answered once. */
export async function warm(lanes: readonly Lane[]): Promise<TaskPool> {
  await Promise.all(lanes.map((lane) => lane.call('tiny', [1])));
  return laned(lanes);
}
