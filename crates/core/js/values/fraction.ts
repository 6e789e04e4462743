// Python's `fractions.Fraction`. Data only.

import type { NativeRecord } from '../native/binding.js';
import { describeInstances } from './describers.js';
import { field } from './fields.js';

/**
 * Python's `Fraction`: two integers of any size, in lowest terms.
 *
 * @example
 * const third = await py.evaluate<PythonFraction>("fractions.Fraction(2, 6)");
 * third.toString(); // "1/3"
 */
export class PythonFraction {
  readonly numerator: bigint;
  readonly denominator: bigint;

  constructor(numerator: bigint | number, denominator: bigint | number = 1n) {
    this.numerator = BigInt(numerator);
    this.denominator = BigInt(denominator);
    Object.freeze(this);
  }

  toString(): string {
    return this.denominator === 1n ? `${this.numerator}` : `${this.numerator}/${this.denominator}`;
  }

  /** The nearest `number`. */
  valueOf(): number {
    return Number(this.numerator) / Number(this.denominator);
  }
}

describeInstances(PythonFraction, ({ numerator, denominator }) => ({
  as: 'record',
  record: {
    kind: 'fraction',
    type: 'fractions:Fraction',
    fields: Object.entries({ numerator, denominator }),
  },
}));

/** A `Fraction` that arrived. */
export function fractionFromRecord(record: NativeRecord): PythonFraction {
  return new PythonFraction(
    integer(field(record, 'numerator')),
    integer(field(record, 'denominator')),
  );
}

function integer(value: unknown): bigint | number {
  return typeof value === 'bigint' || typeof value === 'number' ? value : 1;
}
