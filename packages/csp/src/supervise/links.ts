// Watching processes and tying their fates together, wherever in a network they run: `monitor`, `link`.

import { Composition, runPart } from '../composition.js';
import type { Context, Process } from '../process.js';
import { Stop } from '../stop.js';
import { type Exit, exitOf, StopError } from './exit.js';

/**
 * A process whose every exit is told to somebody. Nothing else changes: it fails as it would have.
 *
 * @example
 * await supervise([monitor(worker, ({ process, reason }) => console.log(process, reason))]);
 */
export function monitor<Result>(
  process: Process<Result>,
  onExit: (exit: Exit) => void,
): Composition<Result> {
  return new Composition<Result>(process.name, [process], async (_, context) => {
    try {
      const result = await runPart(process, context);
      onExit({ process: process.name, reason: 'normal', error: undefined });
      return result;
    } catch (error) {
      const exit = exitOf(process.name, error);
      const isStopped = context.signal.aborted && error === context.signal.reason;
      onExit(isStopped && exit.reason === 'error' ? { ...exit, reason: 'stopped' } : exit);
      throw error;
    }
  });
}

/** Ties processes together. Made by {@link link}. */
export type Bond = <Result>(process: Process<Result>) => Composition<Result>;

/**
 * Makes a bond: when one of the processes tied by it fails, all others that run are stopped and fail
 * too, even if they are children of different supervisors. One that ends well leaves the others alone.
 *
 * @example
 * const bond = link();
 * await par(supervise([bond(reader), logger]), supervise([bond(writer)]));
 */
export function link(): Bond {
  const running = new Set<Stop>();
  return <Result>(process: Process<Result>) =>
    new Composition<Result>(process.name, [process], async (_, context) => {
      const stop = following(context);
      running.add(stop);
      try {
        return await runPart(process, { ...context, ...stop.signals, isGentle: true });
      } catch (error) {
        running.delete(stop);
        if (!context.signal.aborted && exitOf(process.name, error).reason !== 'normal')
          for (const other of running)
            other.stop(
              new StopError('error', `${process.name}, which it is linked to, has failed`),
            );
        throw error;
      } finally {
        running.delete(stop);
        stop.over();
      }
    });
}

/** A stop of its own, that comes with the one around it. */
function following({ signal, deadlines }: Context): Stop {
  const stop = new Stop(deadlines?.drain ?? 0);
  const onAbort = (): void => stop.stop(signal.reason);
  if (signal.aborted) onAbort();
  else {
    signal.addEventListener('abort', onAbort);
    stop.onOver(() => signal.removeEventListener('abort', onAbort));
  }
  return stop;
}
