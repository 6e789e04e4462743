// What TypeScript gives native code, and the shapes in which values cross that native code does not know. Types only.

import type { NativeFailure } from './failures.js';
import type { Handle } from './handle.js';

/** What kind of shared thing a handle is. */
export type SharedKind =
  | 'sender'
  | 'receiver'
  | 'interpreter'
  | 'python-function'
  | 'generator'
  | 'buffer'
  | 'lock'
  | 'semaphore'
  | 'event'
  | 'condition'
  | 'barrier';

/** A record as it crosses (an instance of a class that opted in). */
export interface NativeRecord {
  /** `dataclass`, `enum`, `namedtuple`, `datetime`, `date`, `time`, `timedelta`, `decimal`, `fraction`, `uuid`, `path`, `registered`, … */
  readonly kind: string;
  /** `module:qualname`, or the registered name. */
  readonly type: string;
  readonly fields: readonly (readonly [name: string, value: unknown])[];
}

/**
 * What an object that native code does not know converts to: the answer of `hooks.describe`.
 * `undefined` refuses it.
 */
export type Description =
  | { readonly as: 'shared'; readonly handle: Handle }
  | { readonly as: 'float'; readonly value: number }
  | { readonly as: 'complex'; readonly re: number; readonly im: number }
  | { readonly as: 'record'; readonly record: NativeRecord }
  /** An array whose items all are numbers, packed: `list` or `tuple` of int/float, by the usual rule for each. */
  | { readonly as: 'numbers'; readonly values: Float64Array }
  /** Convert this instead. */
  | { readonly as: 'value'; readonly value: unknown };

/** What `wrapShared` is told of a channel end. */
export interface NativeEndInfo {
  /** The channel's number, unique in the process. */
  readonly id: number;
  readonly name: string | null;
  /** Infinity: unbounded. 0: rendezvous. */
  readonly capacity: number;
}

/** What TypeScript gives native code, once per environment. */
export interface Hooks {
  makeError(failure: NativeFailure): Error;
  /** An object that is none of: array, plain object, Map, Set, Uint8Array/Buffer/ArrayBuffer, function. */
  describe(value: object): Description | undefined;
  /**
   * A shared thing arrived: the object that stands for it. The handle is a new one each time, and
   * counts as one more end of a channel: release it if there is an object already.
   * `info` of an end is a `NativeEndInfo`, of an interpreter a `NativeInterpreterInfo`.
   */
  wrapShared(kind: SharedKind, handle: Handle, info: unknown): object;
  /** A record arrived. */
  wrapRecord(record: NativeRecord): unknown;
  makeComplex(re: number, im: number): object;
  /** A read-only map for mappings with keys that are not all strings. */
  makeReadonlyMap(entries: readonly (readonly [unknown, unknown])[]): ReadonlyMap<unknown, unknown>;
  makeReadonlySet(items: readonly unknown[]): ReadonlySet<unknown>;
  /** Jobs of `callMany` ended: for each its number, whether it has a result, and the result or the error. */
  jobsEnded(...ended: readonly unknown[]): void;
  /**
   * Python calls a function of JavaScript's while `watchWaits` is on, and waits for what this returns.
   * `agent`: who waits, as in labels: `<interpreter's id>/<kind>`.
   */
  hostCalled(
    agent: string,
    called: (...args: readonly unknown[]) => unknown,
    args: readonly unknown[],
  ): unknown;
  /** Calls back when the event loop has gone round, in no asynchronous context; false: it will not. */
  soon(callback: () => void): boolean;
  /** The same after some milliseconds. */
  after(callback: () => void, ms: number): boolean;
}
