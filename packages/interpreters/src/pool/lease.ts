// An interpreter of a pool, lent to one user. What lending means for the pool is the task that holds it.

import type { Interpreter } from '../interpreter.js';

/**
 * An interpreter of a pool for one user alone, until it is given back. What it leaves in `__main__`
 * goes then.
 *
 * @example
 * await using lease = await pool.take();
 * await lease.interpreter.exec("total = 1 + 2");
 * await lease.interpreter.evaluate<number>("total"); // 3
 */
export class PoolLease implements AsyncDisposable {
  readonly interpreter: Interpreter;
  readonly #giveBack: () => Promise<void>;
  #given: Promise<void> | undefined;

  /** @internal Made by `pool.take()`. */
  constructor(interpreter: Interpreter, giveBack: () => Promise<void>) {
    this.interpreter = interpreter;
    this.#giveBack = giveBack;
  }

  /** Gives it back; it must not be used after that. */
  release(): Promise<void> {
    this.#given ??= this.#giveBack();
    return this.#given;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }
}

/** Lends an interpreter: resolves `taken` with the lease, and itself when it was given back. */
export async function lend(py: Interpreter, taken: (lease: PoolLease) => void): Promise<void> {
  await py.call('multicore._pool:lend');
  let giveBack: () => void = () => {};
  const returned = new Promise<void>((resolve) => {
    giveBack = resolve;
  });
  let isBack: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    isBack = resolve;
  });
  taken(
    new PoolLease(py, () => {
      giveBack();
      return ended;
    }),
  );
  await returned;
  try {
    await py.call('multicore._pool:take_back');
  } finally {
    isBack();
  }
}
