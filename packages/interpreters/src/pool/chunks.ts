// `map`'s tasks: how many items each gets, and what comes of it. Going through the input is
// map-reader.ts's, running tasks the dispatcher's.

import { MulticoreError } from '@multicore-python/core';
import { isTraced } from './diagnostics.js';
import type { Estimate } from './estimates.js';
import type { MapPlan, MapResults, MapSource } from './map-reader.js';
import type { MapOptions, TaskOptions } from './options.js';
import { count } from './settings.js';
import type { Task, Work } from './task.js';

/** What a chunk is meant to take, and after what time it ends early, in milliseconds. */
const CHUNK_MS = 1;
const BUDGET_MS = 2;
/** No chunk is larger. */
const CHUNK_MAX = 1024;
/** Single items that are under way for each interpreter, if nothing else is said; a chunk counts as so many. */
const AHEAD = 32;
const CHUNK_WEIGHT = 8;

/** As much of a pool as `map` needs. */
export interface MapPool {
  readonly size: number;
  /** Whether every item must be a task of its own, whatever it costs. */
  readonly mustCount: boolean;
  estimate(path: string): Estimate;
  submit(work: Work, options: TaskOptions, made: (task: Task) => void): Promise<unknown>;
  /** Nobody wants its result any more. */
  abandon(task: Task, reason: unknown): void;
}

/** What `map` does with these options: the tasks, and how far ahead. */
export function planMap<T, R>(
  pool: MapPool,
  path: string,
  options: MapOptions,
): { readonly source: MapSource<T, R>; readonly plan: MapPlan } {
  const { concurrency, chunkSize, ordered = true, ...task } = options;
  if (concurrency !== undefined) count('concurrency', concurrency, 1);
  if (chunkSize !== undefined) count('chunkSize', chunkSize, 1);
  const estimate = pool.estimate(path);
  // A time limit is one for each item, and who looks at tasks wants to see each.
  const isFree = chunkSize === undefined && !pool.mustCount && task.timeout === undefined;
  const most =
    concurrency === undefined ? CHUNK_MAX : Math.max(1, Math.floor(concurrency / pool.size / 2));
  const next = (): number => {
    if (!isFree) return estimate.isAwaited === true ? 1 : (chunkSize ?? 1);
    return isTraced() ? 1 : Math.min(most, sizeFor(estimate));
  };
  const budget = isFree ? BUDGET_MS : undefined;
  const isWeighed = concurrency === undefined && chunkSize === undefined;
  const weigh = (items: number): number => {
    if (isWeighed) return items === 1 ? 1 : CHUNK_WEIGHT;
    return chunkSize === undefined ? items : 1;
  };
  return {
    source: {
      next,
      start: (items) => start(pool, path, items, task, budget),
    },
    plan: { room: concurrency ?? pool.size * AHEAD, weigh, isHasty: isFree, ordered },
  };
}

/** How many items are expected to take as long as a chunk should. */
function sizeFor({ ms, isAwaited }: Estimate): number {
  // Coroutines run side by side: in a chunk they would wait for each other.
  if (isAwaited || ms === Number.POSITIVE_INFINITY) return 1;
  return Math.max(1, Math.min(CHUNK_MAX, Math.floor(CHUNK_MS / ms)));
}

function start<T, R>(
  pool: MapPool,
  path: string,
  items: readonly T[],
  options: TaskOptions,
  budget: number | undefined,
): ReturnType<MapSource<T, R>['start']> {
  let task: Task | undefined;
  const made = (it: Task): void => {
    task = it;
  };
  const cancel = (): void => {
    if (task !== undefined) pool.abandon(task, LEFT);
  };
  if (items.length === 1) {
    const result = pool.submit({ path, args: items }, options, made);
    const results = result.then((value) => ({
      values: [value as R],
      failure: undefined,
      rest: [],
    }));
    return { results, cancel };
  }
  const work = { path, args: undefined, items, budget };
  const end = pool.submit(work, options, made) as Promise<MapResults<T, R>['failure']>;
  const results = end.then((failure) => resultsOf<T, R>(items, task, failure));
  return { results, cancel };
}

function resultsOf<T, R>(
  items: readonly T[],
  task: Task | undefined,
  failure: MapResults<T, R>['failure'],
): MapResults<T, R> {
  const [values = [], , awaits, isOk, outcome] = task?.each ?? [];
  const all = (awaits === true && isOk === true ? [...values, outcome] : values) as readonly R[];
  if (awaits === true && task !== undefined) task.estimate.isAwaited = true;
  return { values: all, failure, rest: failure === undefined ? items.slice(all.length) : [] };
}

const LEFT = new MulticoreError('ERR_ABORTED', 'The loop over the results was left');
