// Which class stands for which kind of shared thing. Each package contributes the kinds it owns;
// this file knows none of them.

import { MulticoreError } from '../errors.js';
import type { Handle, SharedKind } from '../native/binding.js';

/** Makes (or finds) the object that stands for a native handle. */
export type Wrap = (handle: Handle, info: unknown) => object;

const wraps = new Map<SharedKind, Wrap>();

/** Says how handles of one kind are shown. A package calls it when it is imported. */
export function registerSharedKind(kind: SharedKind, wrap: Wrap): void {
  wraps.set(kind, wrap);
}

/** The `wrapShared` hook. */
export function wrapShared(kind: SharedKind, handle: Handle, info: unknown): object {
  const wrap = wraps.get(kind);
  if (wrap !== undefined) return wrap(handle, info);
  const hint =
    kind === 'sender' || kind === 'receiver'
      ? ': import @multicore-python/channels to receive it'
      : '';
  throw new MulticoreError(
    'ERR_NOT_SHAREABLE',
    `A ${kind} arrived from Python and nothing here can show it${hint}`,
  );
}
