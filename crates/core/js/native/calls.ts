// Jobs of interpreters: source, calls and many calls, with and without waiting. Types only.

import type { Handle } from './handle.js';

/**
 * What became of `callEach`. `outcome`: the error of the item after the results if `isOk` is false;
 * the result of that item if `awaits` is true, because its function returned a coroutine.
 */
export type NativeEach = readonly [
  results: readonly unknown[],
  /** Milliseconds that the calls took. */
  ms: number,
  awaits: boolean,
  isOk: boolean,
  outcome: unknown,
];

/** `job`s are numbers that TypeScript chooses (> 0) to be able to cancel; 0: never cancelled. */
export interface CallFunctions {
  exec(
    interpreter: Handle,
    source: string,
    filename: string | undefined,
    bind: object | undefined,
    timeout: number,
    job: number,
  ): Promise<void>;
  evaluate(
    interpreter: Handle,
    source: string,
    filename: string | undefined,
    bind: object | undefined,
    timeout: number,
    job: number,
  ): Promise<unknown>;
  /** `target`: `module:function`, or a number from `internFunction`. timeout in milliseconds, Infinity: none. */
  call(
    interpreter: Handle,
    target: string | number,
    args: readonly unknown[] | undefined,
    kwargs: object | undefined,
    timeout: number,
    job: number,
  ): Promise<unknown>;
  /**
   * Calls of one function from `internFunction`, a job each with the numbers from `firstJob` on; their
   * ends are told to the hook `jobsEnded`. `calls`: with `takesItem` the only argument of each, else
   * their argument lists. The number of jobs that were submitted: those before the first whose
   * arguments cannot cross. Throws if that is the first of all.
   */
  callMany(
    interpreter: Handle,
    target: number,
    calls: readonly unknown[],
    takesItem: boolean,
    firstJob: number,
  ): number;
  /**
   * A function called for one item after the other, as one job. It ends early at an item that cannot
   * cross, at a failure, at a coroutine, or when `budget` milliseconds are over after an item: fewer
   * results than items. Rejects never; throws if the first item cannot cross.
   */
  callEach(
    interpreter: Handle,
    target: string | number,
    items: readonly unknown[],
    kwargs: object | undefined,
    budget: number,
    job: number,
  ): Promise<NativeEach>;
  prepareMain(interpreter: Handle, bind: object): Promise<void>;
  execSync(
    interpreter: Handle,
    source: string,
    filename: string | undefined,
    bind: object | undefined,
    timeout: number,
  ): void;
  evaluateSync(
    interpreter: Handle,
    source: string,
    filename: string | undefined,
    bind: object | undefined,
    timeout: number,
  ): unknown;
  callSync(
    interpreter: Handle,
    target: string | number,
    args: readonly unknown[] | undefined,
    kwargs: object | undefined,
    timeout: number,
  ): unknown;
  /** `call` with `MOST_ARGUMENTS` positional arguments at most and nothing else. */
  invoke(
    interpreter: Handle,
    target: string | number,
    ...args: readonly unknown[]
  ): Promise<unknown>;
  /** `callSync` with `MOST_ARGUMENTS` positional arguments at most and nothing else. */
  invokeSync(interpreter: Handle, target: string | number, ...args: readonly unknown[]): unknown;
  readonly MOST_ARGUMENTS: number;
  internFunction(path: string): number;
  /**
   * `invoke` with the values of keyword arguments behind the positional ones, `MOST_ARGUMENTS` in all.
   * `names`: their names, a number from `internNames`.
   */
  invokeNamed(
    interpreter: Handle,
    target: string | number,
    names: number,
    ...args: readonly unknown[]
  ): Promise<unknown>;
  invokeNamedSync(
    interpreter: Handle,
    target: string | number,
    names: number,
    ...args: readonly unknown[]
  ): unknown;
  /** The number of names of keyword arguments in this order. */
  internNames(names: readonly string[]): number;
  /** Stops a job of this environment by its number. */
  cancelJob(job: number): void;
  /** Takes a job back that has not begun; false if it has, or has ended. Its promise rejects as aborted. */
  withdrawJob(job: number): boolean;
}
