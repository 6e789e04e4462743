// The cases of `select`: what can be waited for. Waiting for them is in select.ts.

import type { Receiver } from './receiver.js';
import type { Sender } from './sender.js';

/** Wait for a message, or for the end of the channel. */
export interface ReceiveCase<T> {
  readonly kind: 'receive';
  readonly receiver: Receiver<T>;
}

/** Wait until a message can be sent. */
export interface SendCase<T> {
  readonly kind: 'send';
  readonly sender: Sender<T>;
  readonly value: T;
}

/** Wait for a time. */
export interface AfterCase {
  readonly kind: 'after';
  /** Milliseconds. */
  readonly delay: number;
}

/** Do not wait. */
export interface OtherwiseCase {
  readonly kind: 'otherwise';
}

/** Anything that `select` takes. */
// biome-ignore lint/suspicious/noExplicitAny: a sender of anything; `unknown` would refuse all of them, `never` forget the message.
export type Case = ReceiveCase<unknown> | SendCase<any> | AfterCase | OtherwiseCase;

/**
 * A case that waits for a message.
 *
 * @example
 * await select([receive(orders), receive(cancellations)]);
 */
export function receive<T>(receiver: Receiver<T>): ReceiveCase<T> {
  return { kind: 'receive', receiver };
}

/**
 * A case that waits until a message can be sent. If another case is chosen it was not sent.
 *
 * @example
 * await select([send(log, line), after(10)]);
 */
export function send<T>(sender: Sender<T>, value: NoInfer<T>): SendCase<T> {
  return { kind: 'send', sender, value };
}

/**
 * A case that is chosen when nothing else was for so many milliseconds.
 *
 * @example
 * const { index } = await select([receive(replies), after(1000)]);
 */
export function after(delay: number): AfterCase {
  return { kind: 'after', delay };
}

/**
 * A case that is chosen when no other is ready now.
 *
 * @example
 * const { index } = await select([receive(replies), otherwise()]);
 */
export function otherwise(): OtherwiseCase {
  return { kind: 'otherwise' };
}
