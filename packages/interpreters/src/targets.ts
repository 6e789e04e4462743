// Paths of Python functions as numbers: resolved once, sent as an integer with each call.

import { type Binding, loadedBinding } from '@multicore-python/core';

// More than this and they are data, not places in a program: sent as text.
const TARGETS_MAX = 4096;

const numbers = new Map<string, number>();

/** The number of a function's path, or the path itself. */
export function targetOf(path: string): string | number {
  return numbers.get(path) ?? intern(path, loadedBinding());
}

function intern(path: string, binding: Binding): string | number {
  if (numbers.size >= TARGETS_MAX) return path;
  const number = binding.internFunction(path);
  numbers.set(path, number);
  return number;
}
