// Iteration over a receiver. One message at a time: a message that was not asked for stays in the
// channel, where another receiver can have it.

import { breathe, isOutOfBreath, rethrow } from '@multicore-python/core';
import { tellBlocked } from './diagnostics.js';
import { nativeOf } from './end.js';
import { watcher } from './observe.js';
import type { Receiver } from './receiver.js';

const FOREVER = Number.POSITIVE_INFINITY;
const NEVER_CANCELLED = 0;
const ENDED: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** The iterator of `for await (const message of receiver)`. */
export function iterate<T>(receiver: Receiver<T>): AsyncIterableIterator<T, undefined, undefined> {
  const { binding, handle } = nativeOf(receiver);
  const toResult = (message: unknown): IteratorResult<T, undefined> =>
    message === binding.ENDED ? ENDED : { done: false, value: message as T };

  return {
    next(): Promise<IteratorResult<T, undefined>> {
      if (!receiver.isOpen) return Promise.resolve(ENDED);
      try {
        const watching = watcher();
        watching?.check();
        const value = binding.tryReceive(handle);
        if (value === binding.EMPTY) {
          tellBlocked({ binding, handle }, { operation: 'receive' });
          if (watching !== undefined)
            return watching.perform(
              { kind: 'receive', ends: [receiver], hasDeadline: false, signal: undefined },
              {
                begin: (op) => binding.receive(handle, FOREVER, op).then(toResult),
                cancel: (op) => binding.cancelOperation(op),
              },
            );
          return binding.receive(handle, FOREVER, NEVER_CANCELLED).then(toResult, rethrow);
        }
        const result = toResult(value);
        return isOutOfBreath() ? breathe().then(() => result) : Promise.resolve(result);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    return: () => Promise.resolve(ENDED),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
