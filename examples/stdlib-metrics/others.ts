// How much of the machine other programs used while a run went on: whether its time can be believed.

import { cpus } from 'node:os';

/** Cores that other programs used on average, from which on times say more about them than about us. */
export const DISTURBING = 0.25;

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys, 0);
}

/** Watches from its creation on. */
export class Others {
  readonly #start: number = performance.now();
  readonly #busy: number = busyMs();
  readonly #own: NodeJS.CpuUsage = process.cpuUsage();

  /** Cores that others used since. `children`: as many as child processes of ours can have used. */
  cores(children = 0): number {
    const elapsed = performance.now() - this.#start;
    const { user, system } = process.cpuUsage(this.#own);
    const others = (busyMs() - this.#busy - (user + system) / 1000) / elapsed - children;
    return Math.max(0, others);
  }
}
