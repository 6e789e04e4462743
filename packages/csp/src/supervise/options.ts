// What `supervise` takes, and its defaults.

import { MulticoreError, show } from '@multicore-python/core';
import { Process } from '../process.js';
import type { Deadlines } from '../stopping.js';
import type { Exit } from './exit.js';
import type { Heartbeat } from './heartbeat.js';

/** Which processes are started again when one has failed. */
export type Strategy =
  /** Only that one. */
  | 'one-for-one'
  /** All of them. */
  | 'one-for-all'
  /** That one, and those behind it in the list. */
  | 'rest-for-one';

/** A process, and how it is looked after. */
export interface Child {
  /** The process, or a function that makes it anew for each run. */
  readonly process: Process<unknown> | (() => Process<unknown>);
  /** When it is started again: whenever it ends, when it fails (the default), or never. */
  readonly restart?: 'permanent' | 'transient' | 'temporary' | undefined;
  /** Milliseconds that one run may take. */
  readonly timeout?: number | undefined;
  /** The process counts as hanging when it does not call this often enough. */
  readonly heartbeat?: Heartbeat | undefined;
  /** Milliseconds in which it may finish once it has been told to stop, before its operations are ended. */
  readonly drain?: number | undefined;
  /** Milliseconds after that before it is given up, with its interpreter. */
  readonly kill?: number | undefined;
}

/** How long a supervisor waits before it starts a process again. */
export interface Backoff {
  /** Milliseconds the first time. */
  readonly initial: number;
  /** How much longer each time that follows soon. Default: 2. */
  readonly factor?: number | undefined;
  /** Milliseconds at most. Default: 30 s. */
  readonly max?: number | undefined;
}

/** How processes are supervised. */
export interface SupervisionOptions {
  /** Default: `one-for-one`. */
  readonly strategy?: Strategy | undefined;
  /** How many restarts there may be `within` a time; one more, and the supervisor fails. Default: 3. */
  readonly maxRestarts?: number | undefined;
  /** Milliseconds. Default: 5000. */
  readonly within?: number | undefined;
  /** Milliseconds before each restart, or growing. Default: none. */
  readonly backoff?: number | Backoff | undefined;
  /** The default for each child: 0. */
  readonly drain?: number | undefined;
  /** The default for each child: 5000. */
  readonly kill?: number | undefined;
  /** Hears of every exit of a child, before anything is done about it. */
  readonly onExit?: ((exit: Exit) => void) | undefined;
  /** For error messages and statistics. */
  readonly name?: string | undefined;
}

/** Options with nothing left out. */
export interface Settings {
  readonly strategy: Strategy;
  readonly maxRestarts: number;
  readonly within: number;
  readonly backoff: Required<{ [Key in keyof Backoff]: number }>;
  readonly onExit: (exit: Exit) => void;
}

/** Fills the defaults in and checks. */
export function settingsOf(options: SupervisionOptions): Settings {
  const { strategy = 'one-for-one', maxRestarts = 3, within = 5000, backoff = 0 } = options;
  if (strategy !== 'one-for-one' && strategy !== 'one-for-all' && strategy !== 'rest-for-one')
    throw invalid('strategy', strategy, "'one-for-one', 'one-for-all' or 'rest-for-one'");
  for (const [name, number] of Object.entries({ maxRestarts, within }))
    if (!isAtLeast(number, 0)) throw invalid(name, number, '0 or more');
  const growing = typeof backoff === 'number' ? { initial: backoff } : backoff;
  const { initial, factor = 2, max = 30_000 } = growing;
  if (!(isAtLeast(initial, 0) && isAtLeast(factor, 1) && isAtLeast(max, 0)))
    throw invalid('backoff', initial, 'milliseconds, and a factor from 1');
  return {
    strategy,
    maxRestarts,
    within,
    backoff: { initial, factor, max },
    onExit: options.onExit ?? (() => {}),
  };
}

/** A child with nothing left out. */
export interface FullChild extends Child {
  readonly restart: NonNullable<Child['restart']>;
  readonly deadlines: Deadlines;
}

export function childOf(
  child: Process<unknown> | (() => Process<unknown>) | Child,
  options: SupervisionOptions,
): FullChild {
  const full: Child =
    child instanceof Process || typeof child === 'function' ? { process: child } : child;
  const { restart = 'transient', drain = options.drain ?? 0, kill = options.kill ?? 5000 } = full;
  for (const [name, number] of Object.entries({ drain, kill, timeout: full.timeout ?? 0 }))
    if (!isAtLeast(number, 0)) throw invalid(name, number, 'milliseconds, 0 or more');
  return { ...full, restart, deadlines: { drain, kill } };
}

/** Compared as a number only if it is one: anything else may have a conversion that throws. */
function isAtLeast(value: unknown, least: number): boolean {
  return typeof value === 'number' && value >= least;
}

function invalid(name: string, value: unknown, wanted: string): MulticoreError {
  return new MulticoreError('ERR_INVALID_ARGUMENT', `${name} is ${show(value)}; give ${wanted}`);
}
