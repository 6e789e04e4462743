import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Complex } from '../../js/values/complex.js';
import { describeByClass } from '../../js/values/describers.js';
import { float } from '../../js/values/float.js';
import { FrozenMap } from '../../js/values/readonly-map.js';
import { FrozenSet } from '../../js/values/readonly-set.js';

test('FrozenMap reads as a Map and cannot be written', () => {
  const map = new FrozenMap([[1, 'one']]);
  expect([map.size, map.get(1), map.has(2), [...map], [...map.keys()], [...map.values()]]).toEqual([
    1,
    'one',
    false,
    [[1, 'one']],
    [1],
    ['one'],
  ]);
  expect(map).not.toHaveProperty('set');
  expect(() => Map.prototype.set.call(map, 2, 'two')).toThrow(TypeError);
  expect(inspect(map)).toBe("Map(1) { 1 => 'one' }");
  expect(describeByClass(map)).toEqual({ as: 'value', value: new Map([[1, 'one']]) });
});

test('FrozenSet reads as a Set and cannot be written', () => {
  const set = new FrozenSet(['a', 'b']);
  expect([set.size, set.has('a'), [...set]]).toEqual([2, true, ['a', 'b']]);
  expect([...set.union(new Set(['c']))]).toEqual(['a', 'b', 'c']);
  expect([...set.intersection(new Set(['b', 'c']))]).toEqual(['b']);
  expect([...set.difference(new Set(['b']))]).toEqual(['a']);
  expect([...set.symmetricDifference(new Set(['b', 'c']))]).toEqual(['a', 'c']);
  expect(set.isSubsetOf(new Set(['a', 'b', 'c']))).toBe(true);
  expect(set.isSupersetOf(new Set(['a']))).toBe(true);
  expect(set.isDisjointFrom(new Set(['c']))).toBe(true);
  expect(() => Set.prototype.add.call(set, 'c')).toThrow(TypeError);
  expect(describeByClass(set)).toEqual({ as: 'value', value: new Set(['a', 'b']) });
});

test('float and Complex say what they are', () => {
  expect(describeByClass(float(1))).toEqual({ as: 'float', value: 1 });
  expect(describeByClass(new Complex(1, -2))).toEqual({ as: 'complex', re: 1, im: -2 });
  expect(
    [new Complex(1, 2), new Complex(0, -1), new Complex(-0, 1), new Complex(1, -0)].map(String),
  ).toEqual(['(1+2j)', '-1j', '(-0+1j)', '(1-0j)']);
});
