// One operation of a JavaScript process that waits, and the promise that knows whether somebody waits
// for it. Not here: who looks at it.

import { type End, type Operation, Sender } from '@multicore-python/channels';

/** One end that an operation waits at. */
export interface Place {
  readonly channel: number;
  readonly direction: 'send' | 'receive';
}

/** How a program uses the promise of an operation. */
export type Use =
  /** It does not, so far: the process goes on meanwhile. */
  | 'unused'
  /** It awaits it, alone or together with others: the process cannot go on without it. */
  | 'awaited'
  /** It does something else with it: perhaps the process can go on without it. */
  | 'open';

let count = 0;

/** An operation that waits. */
export class Wait {
  readonly serial: number;
  readonly operation: Operation['kind'] | 'sync';
  readonly ends: readonly End[];
  readonly hasDeadline: boolean;
  /** Whether something but the end of its process may end it. */
  readonly hasSignal: boolean;
  readonly since: number = performance.now();
  use: Use = 'unused';
  readonly #trace: { stack?: string } = {};

  constructor(
    operation: Wait['operation'],
    ends: readonly End[],
    hasDeadline: boolean,
    hasSignal: boolean,
    below: (...args: never[]) => unknown,
  ) {
    count += 1;
    this.serial = count;
    this.operation = operation;
    this.ends = ends;
    this.hasDeadline = hasDeadline;
    this.hasSignal = hasSignal;
    capture(this.#trace, below, FRAMES);
  }

  get places(): readonly Place[] {
    return this.ends.map((end) => ({
      channel: end.isOpen ? end.channelId : 0,
      direction: end instanceof Sender ? 'send' : 'receive',
    }));
  }

  /** Where in the program it was begun, as `file:line:column`, if that can be told. */
  get where(): string | undefined {
    const lines = this.#trace.stack?.split('\n') ?? [];
    const line = lines.find((each) => /^\s+at /.test(each) && !OURS.test(each));
    return line?.trim().replace(/^at /, '').replaceAll('file://', '');
  }

  /** Somebody attached to its promise. */
  notice(below: (...args: never[]) => unknown): void {
    if (this.use === 'open') return;
    const trace: { stack?: string } = {};
    capture(trace, below, 3);
    const callers = trace.stack?.split('\n').slice(1).join('\n') ?? '';
    // Node calls `then` for `await` and `return` itself, with nobody below.
    this.use = callers === '' || /Promise\.all|Function\.all/.test(callers) ? 'awaited' : 'open';
  }
}

const FRAMES = 12;
const OURS =
  /[\\/](?:packages|@multicore-python)[\\/](?:core|channels|interpreters|csp)[\\/](?:src|dist)[\\/]|[\\/]crates[\\/]core[\\/](?:js|dist)[\\/]|node:internal|\(<anonymous>\)/;

function capture(
  holder: { stack?: string },
  below: (...args: never[]) => unknown,
  frames: number,
): void {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = frames;
  Error.captureStackTrace(holder, below);
  Error.stackTraceLimit = before;
}

/**
 * The promise of an operation that waits. Being of a class of its own, it hears of every use:
 * `await` does not pass over its `then`, as it does with a bare promise.
 */
export class WaitPromise<T> extends Promise<T> {
  wait: Wait | undefined;

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  static of<T>(wait: Wait, promise: Promise<T>): WaitPromise<T> {
    const watched = new WaitPromise<T>((resolve, reject) => {
      promise.then(resolve, reject);
    });
    watched.wait = wait;
    return watched;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise.
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.wait?.notice(WaitPromise.prototype.then);
    return super.then(onFulfilled, onRejected);
  }
}

/** What `promise.then(map)` is, without counting as a use: whoever uses the result uses the operation. */
export function derived<T, U>(promise: Promise<T>, map: (value: T) => U): Promise<U> {
  const mapped = Promise.prototype.then.call(promise, map as (value: unknown) => unknown);
  return promise instanceof WaitPromise && promise.wait !== undefined
    ? WaitPromise.of(promise.wait, mapped as Promise<U>)
    : (mapped as Promise<U>);
}
