// How a running Python process is told to stop: first by its channels, then by an interrupt, last by
// giving its interpreter up. Only the order and the times are here.

import type { Interpreter } from '@multicore-python/interpreters';

/** What a process gets to put its affairs in order after its channels were poisoned. */
const GRACE_MS = 250;
/** What an interrupted process gets before its interpreter is given up. */
const PATIENCE_MS = 5000;

/** The stopping of one process. */
export interface Stopping {
  /** Aborts when it is time to interrupt. */
  readonly signal: AbortSignal;
  /** The process has ended: nothing is left to do. */
  ended(): void;
}

/** Follows a network's signal, step by step. */
export function stopping(network: AbortSignal, py: Interpreter): Stopping {
  const interrupt = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (): void => {
    // The job rejects with ERR_INTERPRETER_CLOSED or _ABANDONED; close itself never rejects with anything new.
    py.close({ timeout: 0 }).catch(() => {});
  };
  const onGraceOver = (): void => {
    interrupt.abort(network.reason);
    timer = setTimeout(giveUp, PATIENCE_MS);
  };
  const onAbort = (): void => {
    timer = setTimeout(onGraceOver, GRACE_MS);
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
