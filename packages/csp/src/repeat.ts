// The same process again and again: `repeat` and `forever`.

import { ChannelClosedError } from '@multicore-python/channels';
import { PythonError } from '@multicore-python/interpreters';
import { Composition, runPart } from './composition.js';
import type { Context, Process } from './process.js';

/**
 * Runs a process so many times, one after the other. It ends early when a channel that the process
 * uses has ended: its neighbours have gone, and so it goes too.
 *
 * @example
 * await repeat(3, javascript(async () => console.log("again")));
 */
export function repeat(times: number, process: Process<unknown>): Composition<void> {
  return new Composition<void>(
    times === Number.POSITIVE_INFINITY
      ? `forever(${process.name})`
      : `repeat(${times}, ${process.name})`,
    [process],
    (_, context) => run(times, process, context),
    { runsAgain: true },
  );
}

/**
 * Runs a process again and again, until the whole is stopped, it fails, or a channel that it uses has
 * ended.
 *
 * @example
 * const echo = forever(javascript(async ({ input, out }) => out.send(await input.receive()), { input, out }));
 */
export function forever(process: Process<unknown>): Composition<void> {
  return repeat(Number.POSITIVE_INFINITY, process);
}

async function run(times: number, process: Process<unknown>, context: Context): Promise<void> {
  try {
    for (let time = 0; time < times; time += 1) {
      context.signal.throwIfAborted();
      // Each run lets go of the ends, which were held once before the first.
      process.hold();
      await runPart(process, context);
      // A process that never waits must not keep others from running.
      if (time % BREATH === BREATH - 1) await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    if (!hasEnded(error)) throw error;
  } finally {
    process.letGo();
  }
}

const BREATH = 64;

/** Whether an error says that a channel has ended by itself, in either language. */
export function hasEnded(error: unknown): boolean {
  if (error instanceof ChannelClosedError) return true;
  if (error instanceof AggregateError) return error.errors.every(hasEnded);
  return error instanceof PythonError && /(?:^|\.)ChannelClosedError$/.test(error.pythonType);
}
