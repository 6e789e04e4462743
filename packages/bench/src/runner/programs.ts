// The programs that run during a suite: started when first needed, kept until the suite ends.

import { commandOf, type Surroundings } from '../host/command.js';
import { Host } from '../host/host.js';
import type { Program } from '../method/model.js';

const START_TIMEOUT_MS = 60_000;

/** Running programs by what starts them. */
export class Programs {
  readonly #around: Surroundings;
  readonly #running = new Map<string, Host>();
  readonly #failed = new Map<string, Error>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** A running program; one that failed to start is not tried again. */
  async get(program: Program): Promise<Host> {
    const key = JSON.stringify(program);
    const running = this.#running.get(key);
    if (running?.alive) return running;
    const failed = this.#failed.get(key);
    if (failed !== undefined) throw failed;
    try {
      const host = await Host.start(commandOf(program, this.#around), START_TIMEOUT_MS);
      this.#running.set(key, host);
      return host;
    } catch (error) {
      this.#failed.set(key, error as Error);
      throw error;
    }
  }

  /** Ends a program and starts it anew. */
  async renew(program: Program): Promise<Host> {
    const key = JSON.stringify(program);
    const running = this.#running.get(key);
    this.#running.delete(key);
    await running?.close();
    return this.get(program);
  }

  /** Ends all. */
  async close(): Promise<void> {
    const hosts = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(hosts.map((host) => host.close()));
  }
}
