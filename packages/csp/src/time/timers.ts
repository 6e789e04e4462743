// Times as guards: `at` a date, `every` so often. `after` is a case of `select`, in /channels.

import { after, select } from '@multicore-python/channels';
import { MulticoreError, show } from '@multicore-python/core';
import type { TimeGuard } from '../guard.js';

/**
 * A guard that is ready from a point in time on: the deadline of several waits together, where each
 * `after` would begin anew.
 *
 * @example
 * const deadline = at(new Date(Date.now() + 1000));
 * for (;;) {
 *   const event = await alt({ item: items, late: deadline });
 *   if (event.name === "late" || event.done) break;
 * }
 */
export function at(time: Date | number): TimeGuard<undefined> {
  const end = Number(time);
  if (Number.isNaN(end))
    throw new MulticoreError('ERR_INVALID_ARGUMENT', 'at() takes a Date, or its milliseconds');
  return { kind: 'time', remaining: () => end - Date.now(), passed: () => undefined };
}

/** A time that comes again and again. Made by {@link every}. */
export interface Ticker extends TimeGuard<number>, AsyncIterable<number> {}

/**
 * A guard that is ready every so many milliseconds, and an endless series of ticks, numbered from 1.
 * Ticks do not drift; those that nobody was there for are left out, and their numbers with them.
 *
 * @example
 * const tick = every(1000);
 * for (;;) {
 *   const event = await alt({ item: items, tick });
 *   if (event.name === "tick") console.log("seconds:", event.value);
 * }
 */
export function every(interval: number): Ticker {
  if (!(typeof interval === 'number' && interval > 0))
    throw new MulticoreError(
      'ERR_INVALID_ARGUMENT',
      `interval is ${show(interval)}; give milliseconds, more than 0`,
    );
  const start = performance.now();
  let next = 1;
  const ticker: Ticker = {
    kind: 'time',
    remaining: () => start + next * interval - performance.now(),
    passed() {
      const now = Math.max(next, Math.floor((performance.now() - start) / interval));
      next = now + 1;
      return now;
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        await select([after(Math.max(0, ticker.remaining()))]);
        yield ticker.passed();
      }
    },
  };
  return ticker;
}
