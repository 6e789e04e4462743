// Python's `complex` in TypeScript. Data only: arithmetic is left to libraries.

import { describeInstances } from './describers.js';
import { numberOf } from './number.js';

/**
 * A complex number, as Python's `complex`.
 *
 * @example
 * const root = await py.call<Complex>("cmath:sqrt", [-1]);
 * root.im; // 1
 */
export class Complex {
  /** The real part. */
  readonly re: number;
  /** The imaginary part. */
  readonly im: number;

  constructor(re: number, im: number) {
    this.re = numberOf(re, 're');
    this.im = numberOf(im, 'im');
    Object.freeze(this);
  }

  /** As Python prints it: `(1+2j)`. */
  toString(): string {
    const im = `${Object.is(this.im, -0) ? '-0' : this.im}j`;
    if (this.re === 0 && !Object.is(this.re, -0)) return im;
    const sign = im.startsWith('-') ? '' : '+';
    return `(${Object.is(this.re, -0) ? '-0' : this.re}${sign}${im})`;
  }
}

describeInstances(Complex, ({ re, im }) => ({ as: 'complex', re, im }));
