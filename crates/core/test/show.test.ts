// Whatever a program gives us can be named in a message.

import { describe, expect, test } from 'vitest';
import { errorText, show } from '../js/show.js';

const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const throwing = (): never => {
  throw new Error('do not look');
};
const traps = new Proxy(() => {}, {
  get: throwing,
  getPrototypeOf: throwing,
  getOwnPropertyDescriptor: throwing,
  ownKeys: throwing,
  has: throwing,
});

describe('show', () => {
  // Not `test.each`: vitest would look into them.
  const cases: [unknown, string][] = [
    [-1, '-1'],
    [-0, '-0'],
    ['x', "'x'"],
    ['two\nlines', String.raw`'two\nlines'`],
    [undefined, 'undefined'],
    [null, 'null'],
    [5n, '5n'],
    [2n ** 2_000_000n, 'a bigint of more than 1,024 bits'],
    [Symbol('x'), 'Symbol(x)'],
    [{ a: 1 }, '[Object]'],
    [Object.create(null), '[Object: null prototype] {}'],
    [{ toString: throwing, valueOf: throwing, [Symbol.toPrimitive]: throwing }, '[Object]'],
    [Object.defineProperty({}, 'toString', { get: throwing }), '{}'],
    [Object.defineProperty({}, Symbol.toStringTag, { get: throwing }), 'object'],
    [{ [Symbol.for('nodejs.util.inspect.custom')]: throwing }, '[Object]'],
    [new Error('why'), 'Error: why'],
    [revoked, '<Revoked Proxy>'],
    [Object.create(revoked), 'object'],
    [traps, 'Proxy [Array]'],
    [Array(1e6).fill('x'), '[Array]'],
  ];
  test('names anything', () => {
    for (const [value, text] of cases) expect(show(value)).toBe(text);
  });

  test('is never long', () => {
    expect(show('x'.repeat(1e7)).length).toBeLessThan(200);
    class C {}
    Object.defineProperty(C, 'name', { value: 'N'.repeat(1e6) });
    expect(show(C).length).toBeLessThan(1100);
  });
});

describe('errorText', () => {
  const cases: [unknown, string][] = [
    [new TypeError('why'), 'why'],
    ['just text\n', 'just text\n'],
    [undefined, 'undefined'],
    [Symbol('x'), 'Symbol(x)'],
    [Object.assign(new Error(), { message: { a: 1 } }), '[Object]'],
    [Object.defineProperty(new Error('x'), 'message', { get: throwing }), 'object'],
    [Object.create(null), '[Object: null prototype] {}'],
    [traps, 'Proxy [Array]'],
    [revoked, '<Revoked Proxy>'],
  ];
  test('of anything', () => {
    for (const [error, text] of cases) expect(errorText(error)).toBe(text);
    expect(errorText(new Error('x'.repeat(1e7))).length).toBeLessThan(11_000);
  });
});
