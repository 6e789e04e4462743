// What a deadlocked network fails with.

import { MulticoreError } from '@multicore-python/core';

/** One process that can never go on. */
export interface BlockedProcess {
  readonly process: string;
  readonly language: 'javascript' | 'python';
  readonly operation: 'send' | 'receive' | 'select' | 'sync';
  /** The channels it waits at, by name, or by number where they have none. */
  readonly channels: readonly string[];
  /** Who else has an end of those, and so should have come. */
  readonly waitsFor: readonly string[];
  /** Where in its source it waits, if that can be told. */
  readonly where: string | undefined;
}

/**
 * Every process of a network waits for another one: none can ever go on. The network was stopped.
 *
 * @example
 * if (error instanceof DeadlockError) for (const { process, channels } of error.blocked) console.error(process, channels);
 */
export class DeadlockError extends MulticoreError {
  /** The network. */
  readonly network: string;
  readonly blocked: readonly BlockedProcess[];

  constructor(network: string, blocked: readonly BlockedProcess[]) {
    super('ERR_DEADLOCK', describe(network, blocked));
    this.network = network;
    this.blocked = blocked;
    Object.defineProperty(this, 'blocked', { enumerable: false });
  }

  /** Describes it once more: where JavaScript waited may be known only when it has been stopped. @internal */
  complete(): void {
    this.message = describe(this.network, this.blocked);
  }

  override get name(): string {
    return 'DeadlockError';
  }
}

const WORDS = {
  send: 'waits to send on',
  receive: 'waits to receive from',
  select: 'waits for one of',
  sync: 'waits at the barrier',
} as const;

function describe(network: string, blocked: readonly BlockedProcess[]): string {
  const lines = blocked.map(({ process, operation, channels, waitsFor, where }) => {
    const whom = waitsFor.length > 0 ? `, whose other ends are with ${waitsFor.join(', ')}` : '';
    const place = where === undefined ? '' : `\n      at ${where}`;
    return `  ${process} ${WORDS[operation]} ${channels.join(', ')}${whom}${place}`;
  });
  return `Deadlock in the network ${network}: every process is waiting\n${lines.join('\n')}`;
}
