// The loops around a call: the same for every side. What is called is the side's own.

import type { Workload } from '../host/protocol.js';

// Small enough for Python's cached ints, as the arguments of most calls are.
const SMALL = 63;

/** Calls `add(i, 1)` with small ints, and adds up the results. */
export function smallInts(add: (a: number, b: number) => number): Workload {
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += add(i & SMALL, 1);
    return sum;
  };
}

/** Calls `add(i, 0.5)`: every result is an object that Python has to make. */
export function freshFloats(add: (a: number, b: number) => number): Workload {
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += add(i & SMALL, 0.5);
    return sum;
  };
}

/** Calls a function of two keyword arguments. */
export function keywords(scaled: (value: number, factor: number) => number): Workload {
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += scaled(i & SMALL, 2);
    return sum;
  };
}

/** Calls a function that raises, and counts the exceptions that arrive. */
export function exceptions(fail: (number: number) => unknown): Workload {
  return (n) => {
    let caught = 0;
    for (let i = 0; i < n; i += 1) {
      try {
        fail(i);
      } catch (error) {
        if (String(error).includes('ValueError')) caught += 1;
      }
    }
    return caught;
  };
}

/** As {@link smallInts} with promises, `flight` of them at a time. */
export function inFlight(flight: number, add: (a: number, b: number) => Promise<number>): Workload {
  return async (n) => {
    let next = 0;
    let sum = 0;
    const lane = async (): Promise<void> => {
      while (next < n) {
        const i = next;
        next += 1;
        // Not `sum += await …`: that would read the sum before it waits.
        const value = await add(i & SMALL, 1);
        sum += value;
      }
    };
    await Promise.all(Array.from({ length: Math.min(flight, n) }, lane));
    return sum;
  };
}

/** The three numbers in flight that the suite compares. */
export function asyncCalls(
  add: (a: number, b: number) => Promise<number>,
): Readonly<Record<string, Workload>> {
  return {
    'async-1': inFlight(1, add),
    'async-8': inFlight(8, add),
    'async-64': inFlight(64, add),
  };
}

/** Repeats a call whose answer is always the same, and gives the last answer. */
export function repeated(call: () => unknown): Workload {
  return (n) => {
    let last: unknown;
    for (let i = 0; i < n; i += 1) last = call();
    return last;
  };
}

/** As {@link repeated}, with promises, one at a time. */
export function repeatedAsync(call: () => Promise<unknown>): Workload {
  return async (n) => {
    let last: unknown;
    for (let i = 0; i < n; i += 1) last = await call();
    return last;
  };
}
