// A receiver as a web stream. Nothing is taken from the channel before the stream asks, and what
// arrives for a stream that was cancelled meanwhile stays in the channel.

import { types } from 'node:util';
import { breathe, ChannelClosedError, isOutOfBreath, nextNumber } from '@multicore-python/core';
import { tellBlocked } from './diagnostics.js';
import { type NativeEnd, nativeOf } from './end.js';
import { watcher } from './observe.js';
import type { Receiver } from './receiver.js';

/** The stream of `receiver.readable()`. */
export function readableFrom<T>(receiver: Receiver<T>): ReadableStream<T> {
  /** The number of the receive that waits. */
  let waiting: number | undefined;
  let isCancelled = false;

  /** Waits until there is something to take; undefined if it is to be had by `takeHeld(waiting)`. */
  const wait = (native: NativeEnd): unknown => {
    const { binding, handle } = native;
    const begin = (op: number): unknown => {
      waiting = op;
      const given = binding.receiveHeld(handle, op);
      if (types.isPromise(given)) tellBlocked(native, { operation: 'receive' });
      return given;
    };
    const watching = watcher();
    if (watching === undefined) return begin(nextNumber());
    return watching.perform<unknown>(
      { kind: 'receive', ends: [receiver], hasDeadline: false, signal: undefined },
      { begin, cancel: (op) => binding.cancelOperation(op) },
    );
  };

  return new ReadableStream<T>(
    {
      pull(controller) {
        let native: NativeEnd;
        try {
          native = nativeOf(receiver);
        } catch (error) {
          if (!(error instanceof ChannelClosedError)) throw error;
          controller.close();
          return;
        }
        const { binding, handle } = native;
        const deliver = (given: unknown): void | Promise<void> => {
          if (given === binding.ENDED) controller.close();
          else controller.enqueue(given as T);
          if (isOutOfBreath()) return breathe();
        };
        watcher()?.check();
        const ready = binding.tryReceive(handle);
        if (ready !== binding.EMPTY) return deliver(ready);
        const given = wait(native);
        if (!types.isPromise(given)) {
          waiting = undefined;
          return deliver(given);
        }
        return given.then((late: unknown) => {
          if (isCancelled || waiting === undefined) return;
          const op = waiting;
          waiting = undefined;
          return deliver(late === undefined ? binding.takeHeld(op) : late);
        });
      },
      cancel() {
        isCancelled = true;
        if (!receiver.isOpen) return;
        // First, so that the message is in the channel again when this end of it goes.
        if (waiting !== undefined) nativeOf(receiver).binding.putBackHeld(waiting);
        receiver.close();
      },
    },
    // No message is taken ahead of the reader.
    { highWaterMark: 0 },
  );
}
