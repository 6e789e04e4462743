import { python } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';

describe('python', () => {
  test('binds values as data', () => {
    const source = python`total = sum(${[1, 2]}) + ${'"); import os'}`;
    const [first, second] = Object.keys(source.bindings);
    expect(source.text).toBe(`total = sum(${first}) + ${second}`);
    expect(Object.values(source.bindings)).toEqual([[1, 2], '"); import os']);
  });

  test('takes away the indentation of the surrounding code', () => {
    const source = python`
      if True:
          x = 1

          y = 2
      z = 3
    `;
    expect(source.text).toBe('if True:\n    x = 1\n\n    y = 2\nz = 3');
  });

  test('a line that begins with a value counts as a line', () => {
    const source = python`
      ${1} +
        2
    `;
    expect(source.text).toMatch(/^\w+ \+\n {2}2$/);
  });

  test('a block opened behind the backtick stays one', () => {
    expect(
      python`for n in x:
      print(n)
      print(n)`.text,
    ).toBe('for n in x:\n      print(n)\n      print(n)');
    expect(
      python`for n in x: # all
        print(n)
      done()`.text,
    ).toBe('for n in x: # all\n  print(n)\ndone()');
    expect(
      python`a = 1
      b = 2`.text,
    ).toBe('a = 1\nb = 2');
  });

  test('escapes are Python’s own', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is the point.
    expect(python`print("a\n\`\${x}")`.text).toBe('print("a\\n`${x}")');
  });

  test('names belong to the place in the program', () => {
    const make = (value: number) => python`x = ${value}`;
    expect(make(1).text).toBe(make(2).text);
    expect(python`x = ${1}`.text).not.toBe(make(1).text);
  });

  test('a source inside a source brings its values, and its lines their indentation', () => {
    const body = python`
      a = ${1}
      b = ${2}
    `;
    const source = python`
      def f():
          ${body}
    `;
    const [a, b] = Object.keys(body.bindings);
    expect(source.text).toBe(`def f():\n    a = ${a}\n    b = ${b}`);
    expect(source.bindings).toEqual(body.bindings);
  });

  test('the same piece twice keeps its values apart', () => {
    const piece = (value: number) => python`f(${value})`;
    const source = python`${piece(1)} + ${piece(2)}`;
    expect(Object.values(source.bindings)).toEqual([1, 2]);
    const [first, second] = Object.keys(source.bindings);
    expect(source.text).toBe(`f(${first}) + f(${second})`);
  });

  test('a source is immutable', () => {
    const source = python`x = ${1}`;
    expect(Object.isFrozen(source) && Object.isFrozen(source.bindings)).toBe(true);
  });
});
