// What both ends of a channel have in common: the native handle and its life. Sending is in
// sender.ts, receiving in receiver.ts.

import {
  type Binding,
  ChannelClosedError,
  describeInstances,
  forget,
  type Handle,
  releaseWith,
} from '@multicore-python/core';
import { tellClosed, tellLeft, tellPoisoned } from './diagnostics.js';
import type { ChannelStats } from './stats.js';

/** An end as the rest of this package sees it. */
export interface NativeEnd {
  readonly binding: Binding;
  readonly handle: Handle;
}

/** The binding and handle of an open end, for the other files of this package; throws once it was closed. */
export let nativeOf: (end: End) => NativeEnd;

/** The native number of an open end, as `listEnds` of the core has it. Not for programs. @internal */
export let handleOf: (end: End) => number | undefined;

/** One end of a channel. */
export abstract class End implements Disposable, AsyncDisposable {
  readonly #binding: Binding;
  readonly #handle: Handle;
  #isOpen = true;
  #channelId: number | undefined;

  /** @internal Made by `channel()`, or for an end that arrived. */
  constructor(binding: Binding, handle: Handle) {
    this.#binding = binding;
    this.#handle = handle;
    releaseWith(this, handle);
  }

  /**
   * Says that nothing more will be sent, or received, through this channel from this side: receivers
   * get what is queued, then the end. Waiting operations wake. Closing twice is harmless.
   */
  close(): void {
    if (!this.#isOpen) return;
    tellClosed(this.#native());
    this.#isOpen = false;
    this.#binding.closeEnd(this.#handle);
    this.#giveBack();
  }

  /**
   * Lets go of this end alone: the channel ends by itself when the last sender has left. Other ends
   * of it, clones among them, go on.
   */
  leave(): void {
    if (!this.#isOpen) return;
    tellLeft(this.#native());
    this.#isOpen = false;
    this.#giveBack();
  }

  /**
   * Tells every party of the channel to stop at once; what is queued is dropped. Operations fail with
   * `ERR_CHANNEL_POISONED` and this reason.
   */
  poison(reason = 'poisoned'): void {
    if (!this.#isOpen) return;
    this.#binding.poison(this.#handle, reason);
    tellPoisoned(this.#native(), { reason });
  }

  /** Whether this end can still be used. The channel itself may have been closed elsewhere. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The number of its channel, unique in the process. */
  get channelId(): number {
    this.#channelId ??= this.stats().id;
    return this.#channelId;
  }

  /** How many messages wait, how many passed, who waits. */
  stats(): ChannelStats {
    const { binding, handle } = this.#native();
    return binding.channelStats(handle);
  }

  /** Whether both are ends of one channel. */
  isSameChannel(other: End): boolean {
    const { binding, handle } = this.#native();
    return binding.sameChannel(handle, other.#native().handle);
  }

  /** Leaves: `using sender = …` ends the channel once every other sender has left too. */
  [Symbol.dispose](): void {
    this.leave();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.leave();
  }

  #native(): NativeEnd {
    if (!this.#isOpen) throw new ChannelClosedError('This end of the channel was closed here');
    return { binding: this.#binding, handle: this.#handle };
  }

  #giveBack(): void {
    forget(this);
    this.#binding.release(this.#handle);
  }

  static {
    nativeOf = (end) => end.#native();
    handleOf = (end) => (end.#isOpen ? end.#handle : undefined);
    describeInstances(End, (end) => ({ as: 'shared', handle: end.#native().handle }));
  }
}
