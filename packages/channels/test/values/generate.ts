// Values made by chance, with all that is awkward about each kind.

import { Complex } from '@multicore-python/interpreters';

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e300,
  -1e-300,
  5e-324,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 63),
  2 ** 63,
  2 ** 64,
  1.7976931348623157e308,
  Math.PI,
];
const BIGINTS = [
  0n,
  -1n,
  2n ** 53n,
  -(2n ** 63n),
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n,
  -(2n ** 1000n),
  7n ** 777n,
];
const TEXTS = [
  '',
  'a',
  'ä',
  '\0',
  '😀',
  '\ud800',
  '\udc00\ud800',
  'a\udfffb',
  '__proto__',
  'constructor',
  '0',
  '-1',
  'x'.repeat(300),
  '\u{10ffff}',
  'é'.repeat(70),
  `${'y'.repeat(100)}\ud83d`,
  '\ufeff',
  '\u2028',
];

/** Makes values from a source of chance (numbers from 0 to 1). */
export class Generator {
  readonly #chance: () => number;

  constructor(chance: () => number) {
    this.#chance = chance;
  }

  below(limit: number): number {
    return Math.floor(this.#chance() * limit);
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)] as T;
  }

  /** Long ones now and then: those of 6, 32 and 64 items go other ways. */
  many<T>(make: () => T): T[] {
    const length = this.one([
      0,
      1,
      2,
      3,
      5,
      6,
      7,
      this.below(20),
      this.below(4) === 0 ? this.below(200) : 4,
    ]);
    return Array.from({ length }, make);
  }

  number = (): number =>
    this.one([
      this.one(NUMBERS),
      this.below(100),
      this.#chance() * 1e6,
      this.one(NUMBERS) * this.one(NUMBERS),
    ]);

  float = (): number => this.#chance() * 2 ** this.below(80) + 0.1;

  text = (): string =>
    this.one([this.one(TEXTS), this.one(TEXTS) + this.one(TEXTS), String(this.below(1000))]);

  bytes = (): Uint8Array => Uint8Array.from(this.many(() => this.below(256)));

  leaf(): unknown {
    switch (this.below(9)) {
      case 0:
        return this.one([null, undefined]);
      case 1:
        return this.below(2) === 0;
      case 2:
        return this.one(BIGINTS);
      case 3:
        return this.bytes();
      case 4:
        return new Complex(this.number(), this.number());
      case 5:
      case 6:
        return this.text();
      default:
        return this.number();
    }
  }

  /** A value that Python can hash and that is no other key's equal there. */
  #keys(depth: number): unknown[] {
    const unlike = this.below(2) === 0 ? this.text : (): number => this.below(1000) + 2;
    const keys = new Set<unknown>(this.many<unknown>(unlike));
    if (depth > 0 && this.below(3) === 0) keys.add([...keys, this.text()]);
    return [...keys];
  }

  /** Anything that can cross, at most so deep. */
  value(depth: number): unknown {
    if (depth === 0) return this.leaf();
    const inside = (): unknown => this.value(this.below(depth));
    switch (this.below(9)) {
      case 0:
        return this.many(inside);
      case 1:
        return this.many(this.number);
      case 2:
        return this.many(this.float);
      case 3:
        return new Set(this.#keys(depth));
      case 4:
        return new Map(this.#keys(depth).map((key) => [key, inside()]));
      case 5:
        return Object.assign(Object.create(null), this.#object(inside));
      case 6:
        return this.#object(inside);
      default:
        return this.leaf();
    }
  }

  #object(inside: () => unknown): object {
    const object = {};
    for (const key of this.many(this.text)) {
      // An assignment to `__proto__` would set the prototype.
      Object.defineProperty(object, key, {
        value: inside(),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return object;
  }
}
