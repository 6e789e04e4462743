// Making a channel, and listing those that live. The ends are in sender.ts and receiver.ts.

import { loadedBinding, MulticoreError, show } from '@multicore-python/core';
import { tellCreated } from './diagnostics.js';
import { nativeOf } from './end.js';
import { Receiver } from './receiver.js';
import { Sender } from './sender.js';
import type { ChannelStats } from './stats.js';

/** How a channel is made. */
export interface ChannelOptions {
  /**
   * How many messages may wait: 0 (the default) lets a sender go on only when a receiver has the
   * message, `Infinity` never makes it wait.
   */
  readonly capacity?: number | undefined;
  /** What happens to a message when the channel is full. Default: the sender waits. */
  readonly overflow?: 'block' | 'drop-oldest' | 'drop-newest' | undefined;
  /**
   * Whether `stats()` knows how long messages wait (`oldestAge`). Default: false, because it costs a
   * reading of the clock for each message.
   */
  readonly monitored?: boolean | undefined;
  /** For statistics and error messages. */
  readonly name?: string | undefined;
}

/** A channel: its two ends, and what concerns both. */
export interface Channel<T> extends Disposable {
  readonly sender: Sender<T>;
  readonly receiver: Receiver<T>;
  /** Tells every party to stop at once; what is queued is dropped. */
  poison(reason?: string): void;
  /** How many messages wait, how many passed, who waits. */
  stats(): ChannelStats;
}

const OVERFLOW = { block: 0, 'drop-oldest': 1, 'drop-newest': 2 } as const;

/**
 * Makes a channel for messages of one type.
 *
 * @example
 * const { sender, receiver } = channel<string>({ capacity: 16, name: "paths" });
 */
export function channel<T = unknown>(options: ChannelOptions = {}): Channel<T> {
  const { capacity = 0, overflow = 'block', monitored = false, name } = options;
  if (
    !(capacity === Number.POSITIVE_INFINITY || (Number.isSafeInteger(capacity) && capacity >= 0))
  ) {
    throw new MulticoreError(
      'ERR_INVALID_ARGUMENT',
      `capacity is ${show(capacity)}; give a whole number from 0, or Infinity`,
    );
  }
  if (typeof overflow !== 'string' || !Object.hasOwn(OVERFLOW, overflow)) {
    throw new MulticoreError(
      'ERR_INVALID_ARGUMENT',
      `overflow is ${show(overflow)}; give 'block', 'drop-oldest' or 'drop-newest'`,
    );
  }
  const binding = loadedBinding();
  const handles = binding.createChannel(capacity, OVERFLOW[overflow], name);
  const sender = new Sender<T>(binding, handles[0]);
  const receiver = new Receiver<T>(binding, handles[1]);
  if (monitored) binding.setMonitored(handles[0], true);
  tellCreated(nativeOf(sender));
  return {
    sender,
    receiver,
    poison(reason = 'poisoned') {
      if (sender.isOpen) sender.poison(reason);
      else receiver.poison(reason);
    },
    stats: () => (sender.isOpen ? sender.stats() : receiver.stats()),
    [Symbol.dispose]() {
      sender.leave();
      receiver.leave();
    },
  };
}

/**
 * Figures about every living channel of the process.
 *
 * @example
 * console.table(channels());
 */
export function channels(): ChannelStats[] {
  return loadedBinding().listChannels();
}
