// What the tests of pools share: a pool with their Python functions.

import { fileURLToPath } from 'node:url';
import { InterpreterPool, type PoolOptions } from '@multicore-python/interpreters';

/** The directory of `pool_tasks.py`. */
export const PYTHON: string = fileURLToPath(new URL('python', import.meta.url));

/** A pool that can import `pool_tasks`. */
export const testPool = (options: PoolOptions = {}): InterpreterPool =>
  new InterpreterPool({ size: 2, path: [PYTHON], ...options } as PoolOptions);

/** How a promise was rejected. */
export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => error,
  );
