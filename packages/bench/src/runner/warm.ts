// Sides whose program runs in a process that stays warm from sample to sample, and may be told to go on
// in a new one. For a process for every sample: fresh.ts.

import type { Host } from '../host/host.js';
import type { Ran } from '../host/protocol.js';
import type { Cores } from '../machine/cores.js';
import { type Observed, Watch } from '../machine/noise.js';
import type { Place, Side } from '../method/measure.js';

const RUN_TIMEOUT_MS = 60_000;

/** Where a warm side gets its process, and where that may run. */
export interface WarmOptions {
  readonly name: string;
  readonly workload: string;
  readonly cores: Cores;
  /** The same program in a new process; missing: starting one takes too long. */
  readonly renew?: () => Promise<Host>;
}

/** One side of a case. */
export class WarmSide implements Side {
  readonly name: string;
  readonly place?: Place;
  readonly renew?: () => Promise<void>;
  readonly #workload: string;
  #host: Host;

  constructor(host: Host, { name, workload, cores, renew }: WarmOptions) {
    this.#host = host;
    this.name = name;
    this.#workload = workload;
    if (renew !== undefined)
      this.renew = async () => {
        this.#host = await renew();
      };
    if ('allowed' in cores)
      this.place = {
        on: (core) => cores.put(this.#host.pid, [core]),
        everywhere: async () => {
          try {
            cores.put(this.#host.pid, cores.allowed);
          } catch {
            // The next case gets a new process rather than one that is held on a core.
            await this.#host.close();
          }
        },
      };
  }

  /** The process that it runs in now. */
  get host(): Host {
    return this.#host;
  }

  async run(n: number): Promise<{ readonly ran: Ran; readonly seen: Observed }> {
    const watch = new Watch(this.#host.pid);
    const ran = await this.#host.run(this.#workload, n, RUN_TIMEOUT_MS);
    return { ran, seen: watch.stop() };
  }
}
