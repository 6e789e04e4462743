// What somebody gave us, in the words of a message: never throws, whatever it is, and is never long.
// Not here: how our own values look in a console (values/inspect.ts).

import { type InspectOptions, inspect } from 'node:util';

/** The longest text of a value in a message, in UTF-16 units. */
const LONGEST = 1000;

/** The longest text of an error: what a program says at length is left alone. */
const LONGEST_ERROR = 10_000;

// Nothing inside of an object is looked at, so that no getter, trap or custom printer runs.
const OPTIONS: InspectOptions = {
  depth: -1,
  customInspect: false,
  showProxy: true,
  maxStringLength: 100,
  breakLength: Number.POSITIVE_INFINITY,
};

/**
 * A value that is not what was asked for: `-1`, `'x'`, `Symbol(x)`, `[Object]`. Not `String(value)`, which throws for
 * objects without a prototype or with a `toString` that does, and is as long as the string.
 */
export function show(value: unknown): string {
  // To write a large one takes quadratic time.
  if (typeof value === 'bigint' && BigInt.asIntN(1024, value) !== value)
    return 'a bigint of more than 1,024 bits';
  try {
    // Of an error that is its stack.
    const [line = ''] = inspect(value, OPTIONS).split('\n', 1);
    return shortened(line);
  } catch {
    return typeof value;
  }
}

/** What an error says, or what was thrown instead of one: never throws. */
export function errorText(error: unknown): string {
  try {
    const text: unknown = error instanceof Error ? error.message : error;
    if (typeof text === 'string') return shortened(text, LONGEST_ERROR);
    return show(text);
  } catch {
    return show(error);
  }
}

function shortened(text: string, longest = LONGEST): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
