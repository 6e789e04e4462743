// What is told to `node:diagnostics_channel`: one publication for each class of events. Without a
// subscriber nothing is made, not even the event. Only what this environment does is told: Python's
// operations are seen in `stats()`.

import diagnostics from 'node:diagnostics_channel';
import type { NativeEnd } from './end.js';

/** What subscribers of `multicore-python:channel:*` get. */
export interface ChannelEvent {
  /** The channel's number, as in `stats()`. */
  readonly id: number;
  readonly name: string | null;
  /** `blocked`: what waits. */
  readonly operation?: 'send' | 'receive';
  /** `poisoned`: why. */
  readonly reason?: string;
}

const named = (event: string): diagnostics.Channel =>
  diagnostics.channel(`multicore-python:channel:${event}`);

const created = named('created');
const closed = named('closed');
const left = named('left');
const poisoned = named('poisoned');
const blocked = named('blocked');

type More = Pick<ChannelEvent, 'operation' | 'reason'>;

type Tell = (end: NativeEnd, more?: More) => void;

const publisher =
  (to: diagnostics.Channel): Tell =>
  (end, more) => {
    if (!to.hasSubscribers) return;
    const { id, name } = end.binding.channelStats(end.handle);
    to.publish({ id, name, ...more } satisfies ChannelEvent);
  };

/** A channel was made here. */
export const tellCreated: Tell = publisher(created);
/** An end was closed here, and with it the channel. */
export const tellClosed: Tell = publisher(closed);
/** An end was let go of here. */
export const tellLeft: Tell = publisher(left);
/** The channel was poisoned here. */
export const tellPoisoned: Tell = publisher(poisoned);
/** An operation of this environment has to wait. */
export const tellBlocked: Tell = publisher(blocked);
