// Whether something else used the machine while a round ran. Only judges; what is counted is in proc.ts.

import { availableParallelism } from 'node:os';
import { cpuSecondsOf, machineSeconds } from './proc.js';

/** What was seen around one sample. */
export interface Observed {
  /** Processor seconds of the program and its children; null: not known. */
  readonly cpuSeconds: number | null;
  /** Processors that others kept busy meanwhile, on average; null: not known. */
  readonly otherCores: number | null;
  /** Whether that is enough to doubt the sample. */
  readonly disturbed: boolean;
}

// Half a tick of a core either way is the resolution of /proc/stat; a quiet machine stays below this.
const OTHER_CORES_MAX = 0.25;

/** Watches one program. */
export class Watch {
  readonly #pid: number;
  readonly #start: number = performance.now();
  readonly #machine = machineSeconds();
  readonly #own: number | null;
  readonly #runner = process.cpuUsage();

  constructor(pid: number) {
    this.#pid = pid;
    this.#own = cpuSecondsOf(pid);
  }

  /** What happened since. */
  stop(): Observed {
    const elapsed = (performance.now() - this.#start) / 1000;
    const machine = machineSeconds();
    const own = cpuSecondsOf(this.#pid);
    const runner = process.cpuUsage(this.#runner);
    if (machine === null || this.#machine === null || own === null || this.#own === null)
      return { cpuSeconds: null, otherCores: null, disturbed: false };
    const cpuSeconds = own - this.#own;
    const ours = cpuSeconds + (runner.user + runner.system) / 1e6;
    const others = machine.busy - this.#machine.busy - ours;
    const stolen = machine.stolen - this.#machine.stolen;
    const otherCores = Math.min(
      availableParallelism(),
      Math.max(0, (others + stolen) / Math.max(elapsed, 0.01)),
    );
    return { cpuSeconds, otherCores, disturbed: otherCores > OTHER_CORES_MAX };
  }
}
