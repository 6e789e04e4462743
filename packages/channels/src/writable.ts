// A sender as a web stream. A write ends when the channel has accepted the message.

import { errorText } from '@multicore-python/core';
import type { Sender } from './sender.js';

/** The stream of `sender.writable()`. */
export function writableTo<T>(sender: Sender<T>): WritableStream<T> {
  return new WritableStream<T>({
    write: (message) => sender.send(message),
    close: () => sender.close(),
    abort(reason: unknown) {
      sender.poison(errorText(reason ?? 'the stream was aborted'));
      sender.leave();
    },
  });
}
