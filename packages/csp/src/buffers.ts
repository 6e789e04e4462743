// Kinds of buffer, by the names the literature gives them: what a channel does when it is full.

import type { ChannelOptions } from '@multicore-python/channels';

/**
 * A buffer that makes the sender wait when it is full.
 *
 * @example
 * const lines = channel<string>(blocking(16));
 */
export function blocking(capacity: number, name?: string): ChannelOptions {
  return { capacity, overflow: 'block', name };
}

/**
 * A buffer that drops what comes when it is full: the oldest messages stay.
 *
 * @example
 * const requests = channel<string>(dropping(100));
 */
export function dropping(capacity: number, name?: string): ChannelOptions {
  return { capacity, overflow: 'drop-newest', name };
}

/**
 * A buffer that drops what it has held longest when it is full: the newest messages stay.
 *
 * @example
 * const position = channel<Position>(sliding(1));
 */
export function sliding(capacity: number, name?: string): ChannelOptions {
  return { capacity, overflow: 'drop-oldest', name };
}
