// A sender as a web stream. A write ends when the channel has accepted the message.

import type { Sender } from './sender.js';

/** The stream of `sender.writable()`. */
export function writableTo<T>(sender: Sender<T>): WritableStream<T> {
  return new WritableStream<T>({
    write: (message) => sender.send(message),
    close: () => sender.close(),
    abort(reason: unknown) {
      sender.poison(
        reason instanceof Error ? reason.message : String(reason ?? 'the stream was aborted'),
      );
      sender.leave();
    },
  });
}
