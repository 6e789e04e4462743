// A number that must arrive as a Python `float` although it is an integer. Nothing else.

import { describeInstances } from './describers.js';
import { numberOf } from './number.js';

/**
 * A number that arrives in Python as a `float`, also when it is integer-valued. Made by {@link float}.
 *
 * @example
 * await py.call("builtins:repr", [float(1)]); // "1.0"
 */
export class Float {
  /** The number. */
  readonly value: number;

  constructor(value: number) {
    this.value = numberOf(value, 'float');
    Object.freeze(this);
  }

  valueOf(): number {
    return this.value;
  }

  toString(): string {
    return String(this.value);
  }

  toJSON(): number {
    return this.value;
  }
}

describeInstances(Float, ({ value }) => ({ as: 'float', value }));

/**
 * Forces a number to arrive as a Python `float`. An integer-valued `number` is an `int` otherwise.
 *
 * @example
 * await py.call("math:sqrt", [float(4)]);
 */
export function float(value: number): Float {
  return new Float(value);
}
