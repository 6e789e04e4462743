// The class `Sender`: the end that messages go into. Streams and select are in files of their own.

import {
  breathe,
  type Handle,
  isOutOfBreath,
  loadedBinding,
  MulticoreError,
  NotShareableError,
  registerSharedKind,
  rethrow,
  timeoutOf,
  withSignal,
} from '@multicore-python/core';
import { tellBlocked } from './diagnostics.js';
import { End, nativeOf } from './end.js';
import { watcher } from './observe.js';
import type { WaitOptions } from './options.js';
import { writableTo } from './writable.js';

const FOREVER = Number.POSITIVE_INFINITY;
const NEVER_CANCELLED = 0;
const DONE: Promise<void> = Promise.resolve();
/** How many messages `sendMany` hands over at once. */
const BATCH_MAX = 1024;

/**
 * The end of a channel that messages go into. It can be passed to Python, where it is a
 * `SendChannel`, and sent through channels.
 *
 * @example
 * const { sender } = channel<string>({ capacity: 8 });
 * await sender.send("hello"); // waits while 8 messages wait
 * sender.close();
 */
export class Sender<in T> extends End {
  // Only for the type: a sender of strings is not a sender of numbers.
  declare protected readonly __message: (value: T) => void;

  /**
   * Sends a message; resolves when the channel has accepted it, on a rendezvous channel when a
   * receiver has it.
   *
   * @example
   * await sender.send([1, "two"], { timeout: 1000 });
   */
  send(value: T, options?: WaitOptions): Promise<void> {
    try {
      const { binding, handle } = nativeOf(this);
      const watching = watcher();
      if (watching !== undefined) {
        const limit = timeoutOf(options?.timeout);
        return watching.perform<void>(
          {
            kind: 'send',
            ends: [this],
            hasDeadline: limit !== FOREVER,
            signal: options?.signal,
          },
          {
            begin: (op) => {
              const wait = binding.send(handle, value, limit, op);
              if (wait !== undefined) tellBlocked({ binding, handle }, { operation: 'send' });
              return wait;
            },
            cancel: (op) => binding.cancelOperation(op),
          },
        );
      }
      if (options?.signal !== undefined) {
        return withSignal(
          options.signal,
          (op) => binding.cancelOperation(op),
          (op) => {
            const wait = binding.send(handle, value, timeoutOf(options.timeout), op);
            if (wait !== undefined) tellBlocked({ binding, handle }, { operation: 'send' });
            return wait ?? DONE;
          },
        );
      }
      const timeout = options === undefined ? FOREVER : timeoutOf(options.timeout);
      const wait = binding.send(handle, value, timeout, NEVER_CANCELLED);
      if (wait !== undefined) {
        tellBlocked({ binding, handle }, { operation: 'send' });
        return wait.catch(rethrow);
      }
      return isOutOfBreath() ? breathe() : DONE;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Sends a message if that needs no waiting; says whether it was accepted.
   *
   * @example
   * if (!sender.trySend(sample)) skipped += 1;
   */
  trySend(value: T): boolean {
    const { binding, handle } = nativeOf(this);
    return binding.trySend(handle, value);
  }

  /**
   * Sends several messages, in order, each accepted before the promise resolves. Cheaper than one
   * `send` each.
   *
   * Gotcha: when it rejects, the messages before the one that failed were sent.
   *
   * @example
   * await sender.sendMany(lines);
   */
  async sendMany(values: readonly T[], options?: WaitOptions): Promise<void> {
    if (!Array.isArray(values))
      throw new MulticoreError('ERR_INVALID_ARGUMENT', 'sendMany takes an array of messages');
    let next = 0;
    // As many at a time as there was room for lately: what does not fit is converted in vain.
    let batch = BATCH_MAX;
    while (next < values.length) {
      options?.signal?.throwIfAborted();
      const { binding, handle } = nativeOf(this);
      const some = values.slice(next, next + batch);
      const accepted = acceptedOf(() => binding.trySendMany(handle, some));
      next += accepted;
      if (accepted < some.length) {
        // The first that did not fit waits for its place, or is refused; the others may then fit at once.
        await this.send(values[next] as T, options);
        next += 1;
        batch = accepted + 1;
      } else {
        batch = Math.min(batch * 2, BATCH_MAX);
      }
    }
    if (isOutOfBreath()) await breathe();
  }

  /**
   * One more sender of the same channel: the channel ends only when both have left.
   *
   * @example
   * await par(python("worker:run", [out.clone()]), python("worker:run", [out]));
   */
  clone(): Sender<T> {
    const { binding, handle } = nativeOf(this);
    return new Sender<T>(binding, binding.cloneEnd(handle));
  }

  /**
   * A web stream that writes into the channel, with its backpressure. Closing the stream closes the
   * channel, aborting it poisons the channel.
   *
   * @example
   * await response.body.pipeThrough(new TextDecoderStream()).pipeTo(sender.writable());
   */
  writable(): WritableStream<T> {
    return writableTo(this);
  }
}

registerSharedKind('sender', (handle: Handle) => new Sender(loadedBinding(), handle));

/** How many were accepted; none if one of them cannot cross: sent one at a time, those before it do. */
function acceptedOf(trySendMany: () => number): number {
  try {
    return trySendMany();
  } catch (error) {
    if (error instanceof NotShareableError) return 0;
    throw error;
  }
}
