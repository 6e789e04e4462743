// A receiver as a web stream. Nothing is taken from the channel before the stream asks.

import { ChannelClosedError } from '@multicore-python/core';
import type { Receiver } from './receiver.js';

/** The stream of `receiver.readable()`. */
export function readableFrom<T>(receiver: Receiver<T>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      async pull(controller) {
        try {
          controller.enqueue(await receiver.receive());
        } catch (error) {
          if (error instanceof ChannelClosedError) controller.close();
          else throw error;
        }
      },
      cancel() {
        receiver.close();
      },
    },
    // No message is taken ahead of the reader.
    { highWaterMark: 0 },
  );
}
