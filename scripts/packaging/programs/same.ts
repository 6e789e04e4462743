import { isDeepStrictEqual } from 'node:util';

/** Fails the program unless both are the same, deeply. */
export function same(actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
}
