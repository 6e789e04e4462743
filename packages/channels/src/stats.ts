// What a channel says about itself. Types only.

/** Figures about a channel. Times are in milliseconds. */
export interface ChannelStats {
  readonly id: number;
  readonly name: string | null;
  /** Messages that wait. */
  readonly length: number;
  /** Infinity: unbounded. 0: rendezvous. */
  readonly capacity: number;
  readonly sent: number;
  readonly received: number;
  /** Messages that `overflow` dropped. */
  readonly dropped: number;
  readonly waitingSenders: number;
  readonly waitingReceivers: number;
  /** Time spent waiting to send, in total. */
  readonly sendWait: number;
  /** Time spent waiting to receive, in total. */
  readonly receiveWait: number;
  /** Age of the message that waits longest; null when empty or unknown. */
  readonly oldestAge: number | null;
  /** How many senders live. */
  readonly senders: number;
  /** How many receivers live. */
  readonly receivers: number;
  readonly closed: boolean;
  /** The reason if it was poisoned. */
  readonly poisoned: string | null;
}
