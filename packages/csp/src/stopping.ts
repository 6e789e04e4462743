// How a running Python process is told to stop: first by its channels, then by an interrupt, last by
// giving its interpreter up. Only the order and the times are here.

import type { Interpreter } from '@multicore-python/interpreters';

/** How long a process that should stop is waited for, in milliseconds. */
export interface Deadlines {
  /** To put its affairs in order, before it is interrupted. */
  readonly drain: number;
  /** Once interrupted, before it is given up. */
  readonly kill: number;
}

/** For a process whose channels were poisoned. */
const USUAL: Deadlines = { drain: 250, kill: 5000 };

/** The stopping of one process. */
export interface Stopping {
  /** Aborts when it is time to interrupt. */
  readonly signal: AbortSignal;
  /** The process has ended: nothing is left to do. */
  ended(): void;
}

/** Follows a network's signal, step by step. */
export function stopping(
  network: AbortSignal,
  py: Interpreter,
  { drain, kill }: Deadlines = USUAL,
): Stopping {
  const interrupt = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (): void => {
    // The job rejects with ERR_INTERPRETER_CLOSED or _ABANDONED; close itself never rejects with anything new.
    py.close({ timeout: 0 }).catch(() => {});
  };
  const onGraceOver = (): void => {
    interrupt.abort(network.reason);
    timer = setTimeout(giveUp, kill);
  };
  const onAbort = (): void => {
    timer = setTimeout(onGraceOver, drain);
  };
  if (network.aborted) onAbort();
  else network.addEventListener('abort', onAbort);
  return {
    signal: interrupt.signal,
    ended() {
      network.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    },
  };
}
