// Options of a pool, checked and with their defaults. No behaviour here.

import { availableParallelism } from 'node:os';
import { isMainThread, threadId } from 'node:worker_threads';
import { MulticoreError, show } from '@multicore-python/core';
import type { CreateOptions } from '../create.js';
import type { Callee } from './callee.js';
import type { PoolOptions } from './options.js';
import type { Replacement } from './replacement.js';

const IDLE_MS = 10_000;
/** Longer than any model takes to load, and not for ever: tasks wait for it, and `close` for them. */
const INITIALIZER_MS = 300_000;

/** A pool's options, complete. */
export interface Settings {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Milliseconds; Infinity: idle interpreters stay. */
  readonly idleTimeout: number;
  readonly initializer: Callee | undefined;
  readonly initializerArgs: readonly unknown[];
  /** Milliseconds; Infinity: as long as it takes. */
  readonly initializerTimeout: number;
  readonly queueLimit: number;
  readonly waitsWhenFull: boolean;
  readonly recycleTasks: number;
  readonly recycleMemory: number;
  readonly onReplace: ((replacement: Replacement) => void) | undefined;
  /** How each interpreter is created. */
  readonly create: Omit<CreateOptions, 'name'>;
}

let unnamed = 0;

/** Checks the options. */
export function settingsOf(options: PoolOptions): Settings {
  const {
    size,
    min,
    max = availableParallelism(),
    idleTimeout,
    initializer,
    initializerArgs = [],
    initializerTimeout = INITIALIZER_MS,
    queueLimit = Number.POSITIVE_INFINITY,
    whenFull = 'reject',
    recycle = {},
    onReplace,
    name,
    ...create
  } = options;
  if (size !== undefined && (min !== undefined || options.max !== undefined)) {
    throw invalid('size', size, 'either size, or min and max');
  }
  const most = count('max', size === undefined ? max : count('size', size, 1), 1);
  const least = size === undefined && (min !== undefined || options.max !== undefined);
  if (!isQueueLimit(queueLimit)) {
    throw invalid('queueLimit', queueLimit, 'a whole number from 0, or Infinity');
  }
  if (whenFull !== 'reject' && whenFull !== 'wait') {
    throw invalid('whenFull', whenFull, "'reject' or 'wait'");
  }
  if ((create.isolation as string | undefined) === 'main') {
    throw invalid('isolation', 'main', 'own-gil or shared-gil: there is only one main interpreter');
  }
  return {
    name: name ?? nextName(),
    max: most,
    min: least ? Math.min(count('min', min ?? 0, 0), most) : most,
    idleTimeout: least ? milliseconds('idleTimeout', idleTimeout ?? IDLE_MS) : Infinity,
    initializer,
    initializerArgs,
    initializerTimeout: milliseconds('initializerTimeout', initializerTimeout),
    queueLimit,
    waitsWhenFull: whenFull === 'wait',
    recycleTasks: recycle.tasks === undefined ? Infinity : count('recycle.tasks', recycle.tasks, 1),
    recycleMemory:
      recycle.memory === undefined ? Infinity : count('recycle.memory', recycle.memory, 1),
    onReplace,
    create,
  };
}

/** A whole number, at least so great. */
export function count(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw invalid(name, value, `a whole number from ${least}`);
}

function milliseconds(name: string, value: number): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw invalid(name, value, 'milliseconds, 0 or more');
}

function isQueueLimit(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && value >= 0);
}

function invalid(name: string, value: unknown, wanted: string): MulticoreError {
  return new MulticoreError('ERR_INVALID_ARGUMENT', `${name} is ${show(value)}; give ${wanted}`);
}

function nextName(): string {
  unnamed += 1;
  // Names are the process's, this count is the thread's.
  return isMainThread ? `pool-${unnamed}` : `pool-${threadId}.${unnamed}`;
}
