// One operation of a JavaScript process that waits, and the promise that knows what is done with it. Not here: who looks at it.

import { type End, type Operation, Sender } from '@multicore-python/channels';
import { capture, Watched } from './use.js';

/** One end that an operation waits at. */
export interface Place {
  readonly channel: number;
  readonly direction: 'send' | 'receive';
}

let count = 0;

/** An operation that waits. */
export class Wait extends Watched {
  readonly serial: number;
  readonly operation: Operation['kind'] | 'sync';
  readonly ends: readonly End[];
  readonly hasDeadline: boolean;
  /** Whether something but the end of its process may end it. */
  readonly hasSignal: boolean;
  readonly since: number = performance.now();
  readonly #trace: { stack?: string } = {};

  constructor(
    operation: Wait['operation'],
    ends: readonly End[],
    hasDeadline: boolean,
    hasSignal: boolean,
    isTraced: boolean,
    below: (...args: never[]) => unknown,
  ) {
    super();
    count += 1;
    this.serial = count;
    this.operation = operation;
    this.ends = ends;
    this.hasDeadline = hasDeadline;
    this.hasSignal = hasSignal;
    if (isTraced) capture(this.#trace, below, FRAMES);
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
    return line
      ?.trim()
      .replace(/^at (?:async )?/, '')
      .replaceAll('file://', '');
  }

  /** It is over, without success: the last chance to see who waited, since Node shows that now. */
  giveUp(): void {
    if (this.#trace.stack === undefined) capture(this.#trace, this.giveUp, FRAMES);
  }
}

const FRAMES = 12;
const OURS =
  /[\\/](?:packages|@multicore-python)[\\/](?:core|channels|interpreters|csp)[\\/](?:src|js|dist)[\\/]|[\\/]crates[\\/]core[\\/](?:js|dist)[\\/]|node:internal|\(<anonymous>\)/;

/**
 * The promise of an operation that waits, which hears what is done with it: `await` asks a promise for
 * its constructor, everything else calls its `then`.
 */
export class WaitPromise<T> extends Promise<T> {
  wait: Watched | undefined;
  // biome-ignore lint/style/useReadonlyClassProperties: `of` sets it.
  #source: Promise<T> | undefined;

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  static of<T>(wait: Watched, source: Promise<T>): WaitPromise<T> {
    const watched = new WaitPromise<T>((resolve, reject) => {
      source.then(resolve, reject);
    });
    watched.wait = wait;
    watched.#source = source;
    return watched;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise.
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.wait?.attached(WaitPromise.prototype.then);
    return super.then(onFulfilled, onRejected);
  }

  /** What `then(map)` is, without counting as a use: whoever uses the result uses the operation. */
  map<U>(map: (value: T) => U): Promise<U> {
    if (this.wait === undefined || this.#source === undefined) return super.then(map);
    const mapped = WaitPromise.of(this.wait, this.#source.then(map));
    // An error is for whoever uses the result.
    super.then(undefined, () => {});
    return mapped;
  }
}

Object.defineProperty(WaitPromise.prototype, 'constructor', {
  get(this: WaitPromise<unknown>) {
    this.wait?.looked();
    return Promise;
  },
});

/** `promise.then(map)`, which does not count as a use of an operation. */
export function derived<T, U>(promise: Promise<T>, map: (value: T) => U): Promise<U> {
  return promise instanceof WaitPromise ? promise.map(map) : promise.then(map);
}
