// The class `Receiver`: the end that messages come out of. Streams and select are in files of their own.

import {
  breathe,
  ChannelClosedError,
  type Handle,
  isOutOfBreath,
  loadedBinding,
  registerSharedKind,
  rethrow,
  timeoutOf,
  withSignal,
} from '@multicore-python/core';
import { tellBlocked } from './diagnostics.js';
import { End, nativeOf } from './end.js';
import { iterate } from './iterate.js';
import { watcher } from './observe.js';
import type { WaitOptions } from './options.js';
import { readableFrom } from './readable.js';

const FOREVER = Number.POSITIVE_INFINITY;
const NEVER_CANCELLED = 0;

/**
 * The end of a channel that messages come out of: each message to exactly one receiver. It can be
 * passed to Python, where it is a `RecvChannel`, and sent through channels.
 *
 * @example
 * for await (const message of receiver) console.log(message);
 */
export class Receiver<out T> extends End implements AsyncIterable<T> {
  // Only for the type: a receiver of strings is not a receiver of numbers.
  declare protected readonly __message: T;

  /**
   * Receives a message, waiting for it if need be. Once the channel has ended it rejects with
   * `ERR_CHANNEL_CLOSED`; iterating ends instead.
   *
   * @example
   * const first = await receiver.receive({ timeout: 1000 });
   */
  receive(options?: WaitOptions): Promise<T> {
    try {
      const { binding, handle } = nativeOf(this);
      const signal = options?.signal;
      if (signal?.aborted) return Promise.reject(signal.reason);
      const watching = watcher();
      watching?.check();
      const value = binding.tryReceive(handle);
      if (value !== binding.EMPTY) {
        if (value === binding.ENDED) return Promise.reject(ended());
        return isOutOfBreath() ? breathe().then(() => value as T) : Promise.resolve(value as T);
      }
      const timeout = timeoutOf(options?.timeout);
      tellBlocked({ binding, handle }, { operation: 'receive' });
      const notEnded = (message: unknown): T => {
        if (message === binding.ENDED) throw ended();
        return message as T;
      };
      if (watching !== undefined)
        return watching.perform(
          { kind: 'receive', ends: [this], hasDeadline: timeout !== FOREVER, signal },
          {
            begin: (op) => binding.receive(handle, timeout, op).then(notEnded),
            cancel: (op) => binding.cancelOperation(op),
          },
        );
      if (signal === undefined)
        return binding.receive(handle, timeout, NEVER_CANCELLED).then(notEnded, rethrow);
      return withSignal(
        signal,
        (op) => binding.cancelOperation(op),
        (op) => binding.receive(handle, timeout, op).then(notEnded),
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Receives a message if one waits; undefined if none does. (No message is ever `undefined`:
   * Python's `None` is `null`.) Throws `ERR_CHANNEL_CLOSED` once the channel has ended.
   *
   * @example
   * const latest = receiver.tryReceive() ?? previous;
   */
  tryReceive(): T | undefined {
    const { binding, handle } = nativeOf(this);
    const value = binding.tryReceive(handle);
    if (value === binding.EMPTY) return undefined;
    if (value === binding.ENDED) throw ended();
    return value as T;
  }

  /**
   * Waits for a message and takes all that wait by then, up to `max`. An empty array: the channel has
   * ended.
   *
   * @example
   * let batch: readonly string[];
   * while ((batch = await receiver.receiveMany(100)).length > 0) await store(batch);
   */
  async receiveMany(max: number = Number.POSITIVE_INFINITY, options?: WaitOptions): Promise<T[]> {
    options?.signal?.throwIfAborted();
    const { binding, handle } = nativeOf(this);
    const limit = Math.max(1, Math.min(max, MANY_MAX));
    const waiting = binding.tryReceiveMany(handle, limit);
    if (!Array.isArray(waiting)) return [];
    if (waiting.length > 0) {
      if (isOutOfBreath()) await breathe();
      return waiting as T[];
    }
    let first: T;
    try {
      first = await this.receive(options);
    } catch (error) {
      if (error instanceof ChannelClosedError) return [];
      throw error;
    }
    if (limit === 1) return [first];
    return [first, ...this.#atHand(limit - 1)];
  }

  /** What waits by now, for a caller who has a message already: an error must not cost it that one. */
  #atHand(limit: number): T[] {
    try {
      const { binding, handle } = nativeOf(this);
      const waiting = binding.tryReceiveMany(handle, limit);
      return Array.isArray(waiting) ? (waiting as T[]) : [];
    } catch {
      // Poisoned or closed meanwhile: the next call says so.
      return [];
    }
  }

  /**
   * One more receiver of the same channel: they share the messages.
   *
   * @example
   * const workers = [handle(receiver), handle(receiver.clone())];
   */
  clone(): Receiver<T> {
    const { binding, handle } = nativeOf(this);
    return new Receiver<T>(binding, binding.cloneEnd(handle));
  }

  /**
   * A web stream of the messages that takes no more than it is asked for. Cancelling it closes the
   * receiving side.
   *
   * @example
   * await receiver.readable().pipeTo(destination);
   */
  readable(): ReadableStream<T> {
    return readableFrom(this);
  }

  /** The messages until the channel ends; leaving the loop early leaves the rest in the channel. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined, undefined> {
    return iterate(this);
  }
}

// One native call must not hold the event loop for long.
const MANY_MAX = 65_536;

function ended(): ChannelClosedError {
  return new ChannelClosedError(
    'The channel has ended: it was closed, or its last sender left, and everything was received',
  );
}

registerSharedKind('receiver', (handle: Handle) => new Receiver(loadedBinding(), handle));
