// A composition under way inside of something else: of a process, which waits for it, or of another
// network. By these, who looks for deadlocks sees who is waited for.

import { setMaxListeners } from 'node:events';
import type { End } from '../holding.js';
import type { Context } from '../process.js';
import { currentMember } from './current.js';
import { Tracker } from './tracker.js';
import { Watched } from './use.js';
import { WaitPromise } from './wait.js';

/** A composition that somebody runs, and what is done with its promise. */
export class Scope extends Watched {
  readonly tracker: Tracker;
  /** The ends that were handed to its processes. */
  readonly ends: readonly End[];
  /** Whether it looks for deadlocks itself, and so is to find its own. */
  readonly isNetwork: boolean;

  constructor(tracker: Tracker, ends: readonly End[], isNetwork: boolean) {
    super();
    this.tracker = tracker;
    this.ends = ends;
    this.isNetwork = isNetwork;
  }
}

/**
 * Runs a composition as what the process that runs now waits for, if there is one that is watched.
 * `network`: who keeps count of its processes, if that is not the network of that process. `signal`: stops it.
 */
export function runInScope<T>(
  ends: () => readonly End[],
  network: Tracker | undefined,
  signal: AbortSignal | undefined,
  run: (context: Pick<Context, 'tracker' | 'isGentle'>, signal?: AbortSignal) => Promise<T>,
): Promise<T> {
  const member = currentMember();
  if (member === undefined || member.outcome !== undefined)
    return run({ tracker: network }, signal);
  const tracker = network ?? new Tracker(member.tracker.name);
  const scope = new Scope(tracker, ends(), network !== undefined);
  member.scopes.add(scope);
  const over = (): void => void member.scopes.delete(scope);
  // It ends with the process.
  const both = signal === undefined ? member.signal : AbortSignal.any([signal, member.signal]);
  if (signal !== undefined) setMaxListeners(0, both);
  const running = run({ tracker, isGentle: member.isGentle }, both);
  running.then(over, over);
  return WaitPromise.of(scope, running);
}
