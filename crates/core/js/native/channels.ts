// Channels: their ends, operations and figures. Types only.

import type { Handle } from './handle.js';

export interface NativeChannelStats {
  readonly id: number;
  readonly name: string | null;
  readonly length: number;
  /** Infinity: unbounded. 0: rendezvous. */
  readonly capacity: number;
  readonly sent: number;
  readonly received: number;
  readonly dropped: number;
  readonly waitingSenders: number;
  readonly waitingReceivers: number;
  /** Milliseconds in total. */
  readonly sendWait: number;
  readonly receiveWait: number;
  /** Milliseconds, null when empty or unknown. */
  readonly oldestAge: number | null;
  readonly senders: number;
  readonly receivers: number;
  readonly closed: boolean;
  readonly poisoned: string | null;
}

export type NativeCase =
  | { readonly receive: Handle }
  | { readonly send: Handle; readonly value: unknown };

/** `op`s are numbers that TypeScript chooses (> 0) to be able to cancel; 0: never cancelled. */
export interface ChannelFunctions {
  /** capacity 0: rendezvous, Infinity: unbounded. overflow 0: block, 1: drop oldest, 2: drop newest. */
  createChannel(
    capacity: number,
    overflow: 0 | 1 | 2,
    name: string | undefined,
  ): [sender: Handle, receiver: Handle];
  /** True: accepted. False: full (or nobody receives). Throws when closed or poisoned. */
  trySend(sender: Handle, value: unknown): boolean;
  /** undefined: done at once. Otherwise a promise. timeout in milliseconds. */
  send(sender: Handle, value: unknown, timeout: number, op: number): Promise<void> | undefined;
  /** Sends as many as fit now; the number accepted. */
  trySendMany(sender: Handle, values: readonly unknown[]): number;
  /** The message, or `EMPTY`, or `ENDED` (closed and drained). Throws when poisoned. */
  tryReceive(receiver: Handle): unknown;
  /** Everything that waits, up to `max`; an empty array when nothing; ENDED. */
  tryReceiveMany(receiver: Handle, max: number): unknown[] | symbol;
  /** Resolves with the message or `ENDED`; rejects when poisoned, timed out or cancelled. Call `tryReceive` first. */
  receive(receiver: Handle, timeout: number, op: number): Promise<unknown>;
  /**
   * A receive in two steps. The message or `ENDED` if there is one now. Else a promise of undefined: when it is
   * fulfilled, `takeHeld(op)` gives either. A promise of anything else is the message of an operation that
   * was cancelled too late.
   */
  receiveHeld(receiver: Handle, op: number): unknown;
  /** What `receiveHeld` waited for. Throws when poisoned. */
  takeHeld(op: number): unknown;
  /** Gives a `receiveHeld` up: what it received and was not taken goes to the next receiver. */
  putBackHeld(op: number): void;
  /**
   * One commit among the cases. `[index, value]`: value is the message, `ENDED` for an ended case,
   * undefined for a send. Index -1: nothing ready and `wait` is false.
   */
  select(
    cases: readonly NativeCase[],
    fair: boolean,
    wait: boolean,
    timeout: number,
    op: number,
  ): Promise<[number, unknown]> | [number, unknown];
  cancelOperation(op: number): void;
  closeEnd(end: Handle): void;
  poison(end: Handle, reason: string): void;
  channelStats(end: Handle): NativeChannelStats;
  /** Whether the age of its messages is known from now on. */
  setMonitored(end: Handle, on: boolean): void;
  /** Stats of every living channel of the process. */
  listChannels(): NativeChannelStats[];
  /** Another handle of the same end (one more sender or receiver). */
  cloneEnd(end: Handle): Handle;
  /** Whether both handles are of the same channel. */
  sameChannel(a: Handle, b: Handle): boolean;
  readonly EMPTY: symbol;
  readonly ENDED: symbol;
}
