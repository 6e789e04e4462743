// Looks at a running network every now and then, and reports when it is deadlocked.

import { loadedBinding } from '@multicore-python/core';
import type { End } from '../holding.js';
import { unwatchResources, watchResources } from '../monitor/resources.js';
import type { Tracker } from '../monitor/tracker.js';
import { findDeadlock, type Strictness } from './check.js';
import { DeadlockError } from './error.js';

/** Milliseconds between two looks; what is found has to be found twice. */
const INTERVAL = 150;
/** Milliseconds that everybody must have waited. */
const PATIENCE = 200;

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
  let isSuspected = false;
  const timer = setInterval(() => {
    const found = findDeadlock(tracker, [...ends], strictness, PATIENCE);
    if (found !== undefined && isSuspected) onDeadlock(new DeadlockError(tracker.name, found));
    isSuspected = found !== undefined;
  }, INTERVAL);
  timer.unref();
  return () => {
    clearInterval(timer);
    unwatchResources();
    binding.watchWaits(false);
  };
}
