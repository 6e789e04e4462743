// What is told to `node:diagnostics_channel`: one publication for each class of events. Without a
// subscriber nothing is made, not even the event. What this environment does is published at once; what
// Python code does anywhere in the process, from the event loop, some time after.

import diagnostics from 'node:diagnostics_channel';
import { whenLoaded } from '@multicore-python/core';
import type { NativeEnd } from './end.js';
import { onSubscription } from './subscription.js';

/** What subscribers of `multicore-python:channel:*` get. */
export interface ChannelEvent {
  /** The channel's number, as in `stats()`. */
  readonly id: number;
  readonly name: string | null;
  /** `blocked`: what waits. */
  readonly operation?: 'send' | 'receive';
  /** `poisoned`: why. */
  readonly reason?: string;
  /** The id of the interpreter whose code did it; absent for what this environment did. */
  readonly interpreter?: number;
}

const named = (event: string): diagnostics.Channel =>
  diagnostics.channel(`multicore-python:channel:${event}`);

const created = named('created');
const closed = named('closed');
const left = named('left');
const poisoned = named('poisoned');
const blocked = named('blocked');

/** In the order of `EventClass` in `crates/core/src/extension/events.rs`. */
const CLASSES: readonly diagnostics.Channel[] = [created, closed, left, poisoned, blocked];

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

type Binding = NativeEnd['binding'];

const publishOfPython: Parameters<Binding['watchEvents']>[1] = (
  eventClass,
  id,
  name,
  operation,
  reason,
  interpreter,
) => {
  CLASSES[eventClass]?.publish({
    id,
    name,
    ...(operation !== null && { operation }),
    ...(reason !== null && { reason }),
    ...(interpreter !== null && { interpreter }),
  } satisfies ChannelEvent);
};

let watched = 0;

/** Has native code tell of those classes of events that have a subscriber, and of no others. */
function watch(binding: Binding): void {
  const wanted = CLASSES.reduce(
    (classes, { hasSubscribers }, index) => classes | (hasSubscribers ? 1 << index : 0),
    0,
  );
  if (wanted === watched) return;
  watched = wanted;
  binding.watchEvents(wanted, publishOfPython);
}

for (const each of CLASSES) onSubscription(each, () => whenLoaded(watch));
whenLoaded(watch);
