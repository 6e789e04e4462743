// Channels in each of the states that the README's tables speak of.

import { type Channel, channel, type Receiver, type Sender } from '@multicore-python/channels';
import type { State } from './table.js';

/** A channel in a state, and who looks at it. */
export interface Scene {
  readonly channel: Channel<string>;
  readonly sender: Sender<string>;
  readonly receiver: Receiver<string>;
  /** Whether somebody on the other side is to look at it afterwards: not when the state is that none is left. */
  readonly hasPeer: boolean;
}

/** Which side of the channel an operation belongs to. */
export type Side = 'send' | 'receive';

/**
 * A channel with room for two in this state. "open" has a message and room for another, and so had a
 * channel that was closed or poisoned, or that its peer has left. Who is aborted or timed out was waiting.
 */
export function sceneOf(state: State, side: Side, capacity = 2): Scene {
  const made = channel<string>({ capacity });
  const { sender, receiver } = made;
  const waits = state === 'aborted' || state === 'timed out';
  const messages =
    state === 'full' || (waits && side === 'send')
      ? capacity
      : state === 'empty' || waits
        ? 0
        : Math.min(1, capacity);
  for (let n = 0; n < messages; n += 1) sender.trySend('message');
  // The other handle of the same end, so that the one in question can still be used.
  if (state === 'closed') (side === 'send' ? sender : receiver).clone().close();
  if (state === 'poisoned') made.poison('reason');
  if (state === 'peer gone') (side === 'send' ? receiver : sender).leave();
  return {
    channel: made,
    sender,
    receiver,
    hasPeer: side === 'send' ? receiver.isOpen : state !== 'peer gone',
  };
}

/** What receivers get from now on: `message, then …` if there are some yet. */
export function drain(receiver: Receiver<string>): string {
  let got = '';
  for (;;) {
    try {
      const message = receiver.tryReceive();
      if (message === undefined) return `${got}waits`;
      got = 'message, then ';
    } catch (error) {
      return got + (error as Error).name;
    }
  }
}

/** What senders get from now on. */
export function refusal(sender: Sender<string>): string {
  try {
    return sender.trySend('message') ? 'sent' : 'full';
  } catch (error) {
    return (error as Error).name;
  }
}
