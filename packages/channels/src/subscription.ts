// Learning that somebody subscribed. `diagnostics_channel` does not tell: it puts another prototype under
// a channel that has subscribers. All ways to subscribe pass the channel's own methods, though
// (`diagnostics_channel.subscribe` calls them too), and the channels that this is for are ours alone.

import type { Channel } from 'node:diagnostics_channel';

const METHODS = ['subscribe', 'unsubscribe'] as const;

/** Calls `changed` after each change of who subscribes to a channel. */
export function onSubscription(channel: Channel, changed: () => void): void {
  for (const method of METHODS) {
    // Set before if this package is loaded twice.
    const before = Object.hasOwn(channel, method) ? channel[method] : undefined;
    const value = function (
      this: Channel,
      subscriber: Parameters<Channel['subscribe']>[0],
    ): unknown {
      // Node's own, which depends on whether there are subscribers: it may call this again.
      const own = before ?? (Object.getPrototypeOf(this) as Channel)[method];
      const result: unknown = own.call(this, subscriber);
      changed();
      return result;
    };
    Object.defineProperty(channel, method, { value, configurable: true, writable: true });
  }
}
