// Looks at a running network every now and then, and reports when it is deadlocked.

import { loadedBinding } from '@multicore-python/core';
import type { End } from '../holding.js';
import { runAsNobody } from '../monitor/current.js';
import { unwatchResources, watchResources } from '../monitor/resources.js';
import type { Tracker } from '../monitor/tracker.js';
import { findDeadlock, type Strictness } from './check.js';
import { DeadlockError } from './error.js';

/** Milliseconds between two looks; what is found has to be found twice, and twice more for each network inside. */
const INTERVAL = 100;
/** Milliseconds that everybody must have waited. */
const PATIENCE = 200;
/** Networks inside of each other for which that is so: a report comes within a second. */
const DEPTH_MAX = 2;

/** What has to be watched. */
export interface Watched {
  readonly tracker: Tracker;
  /** The ends that were handed to its processes. */
  readonly ends: Iterable<End>;
  readonly strictness: Strictness;
  readonly onDeadlock: (error: DeadlockError) => void;
}

/** Watches until the function that it gives is called. */
export function watchForDeadlock({ tracker, ends, strictness, onDeadlock }: Watched): () => void {
  const binding = loadedBinding();
  binding.watchWaits(true);
  watchResources();
  let times = 0;
  // No timer of the process that runs the network: it would look as if it could go on.
  const timer = runAsNobody(() => setInterval(look, INTERVAL));
  timer.unref();
  function look(): void {
    const found = findDeadlock(tracker, [...ends], strictness, PATIENCE);
    times = found === undefined ? 0 : times + 1;
    // A deadlock inside of a network in this one is for that one to find.
    if (found !== undefined && times >= 2 + 2 * Math.min(found.depth, DEPTH_MAX))
      onDeadlock(new DeadlockError(tracker.name, found.blocked));
  }
  return () => {
    clearInterval(timer);
    unwatchResources();
    binding.watchWaits(false);
  };
}
