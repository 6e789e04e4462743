// AbortSignals that many things wait with: one listener for each signal, however many there are.

/** Calls back for everything that waits with a signal when that is aborted. */
export class SignalWatch<T> {
  readonly #onAbort: (item: T, reason: unknown) => void;
  readonly #watched = new Map<AbortSignal, { readonly items: Set<T>; readonly hear: () => void }>();

  constructor(onAbort: (item: T, reason: unknown) => void) {
    this.#onAbort = onAbort;
  }

  /** From now on `item` waits with this signal, which is not aborted. */
  watch(signal: AbortSignal, item: T): void {
    const known = this.#watched.get(signal);
    if (known !== undefined) {
      known.items.add(item);
      return;
    }
    const items = new Set([item]);
    const hear = (): void => {
      this.#watched.delete(signal);
      for (const one of items) this.#onAbort(one, signal.reason);
    };
    this.#watched.set(signal, { items, hear });
    signal.addEventListener('abort', hear, { once: true });
  }

  /** It does not any more. */
  forget(signal: AbortSignal, item: T): void {
    const known = this.#watched.get(signal);
    if (known === undefined) return;
    known.items.delete(item);
    if (known.items.size > 0) return;
    signal.removeEventListener('abort', known.hear);
    this.#watched.delete(signal);
  }
}
