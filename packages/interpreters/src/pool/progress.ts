// `onProgress`: a call wrapped so that Python's `multicore.progress` reaches a listener.

import type { Progress } from './options.js';

/** A call of `multicore._progress:run` that calls the function for the listener. */
export function withListener(
  listener: (progress: Progress) => void,
  path: string,
  args: readonly unknown[] | undefined,
  kwargs: object | undefined,
): { readonly path: string; readonly args: readonly unknown[] } {
  const tell = (done: number, total: number | null, message: string | null): void =>
    listener({ done, total: total ?? undefined, message: message ?? undefined });
  return { path: 'multicore._progress:run', args: [tell, path, args ?? [], kwargs ?? {}] };
}
