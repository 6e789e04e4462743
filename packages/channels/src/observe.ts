// The place where a layer above can watch operations that wait, and stop them with the process that
// they belong to. Nobody watches by default, and then this costs a comparison.

import type { End } from './end.js';

/** An operation that may have to wait. */
export interface Operation {
  readonly kind: 'send' | 'receive' | 'select';
  /** What it waits at: each end once for each case. */
  readonly ends: readonly End[];
  /** Whether it gives up by itself after some time. */
  readonly hasDeadline: boolean;
  /** What else may end it. */
  readonly signal: AbortSignal | undefined;
}

/** How an operation is begun and given up. `begin` gives undefined, or a value, if it was done at once. */
export interface Performance<T> {
  begin(op: number): Promise<T> | T;
  cancel(op: number): void;
}

/** What watches the operations of one process. */
export interface Watcher {
  /** Throws if the process may not do anything more. */
  check(): void;
  /** Performs an operation. */
  perform<T>(operation: Operation, performance: Performance<T>): Promise<T>;
}

let find: (() => Watcher | undefined) | undefined;

/** Says who watches what runs now. Not for programs. @internal */
export function observeOperations(watcherOfWhatRuns: () => Watcher | undefined): void {
  find = watcherOfWhatRuns;
}

/** Who watches what runs now. */
export function watcher(): Watcher | undefined {
  return find?.();
}
