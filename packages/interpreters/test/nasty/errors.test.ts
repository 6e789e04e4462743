// Sources, arguments and exceptions that are made to confuse: each gives an error that says what is
// wrong, in bounded time.

import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outcomeOf } from './outcome.js';

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create();
});
afterAll(async () => {
  await py.close();
});

describe('sources', () => {
  test.each([
    ['a NUL', 'x = 1\0', 'ValueError', /null bytes/],
    ['a lone surrogate', 'x = "\ud800"', 'ValueError', /surrogates/],
    ['nested parentheses', '('.repeat(1e5), 'SyntaxError', /nested/],
    [
      'deep indentation',
      Array.from({ length: 200 }, (_, i) => `${' '.repeat(i)}if 1:`).join('\n'),
      'IndentationError',
      /indentation/,
    ],
    ['a long number', '1'.repeat(10_000), 'SyntaxError', /limit/],
    ['an unknown encoding', '# -*- coding: nonsense -*-\nx = 1', 'SyntaxError', /encoding/],
    ['garbage', '\x01\x02\x7f\u2028)', 'SyntaxError', /invalid/],
  ])('%s', async (_name, source, kind, says) => {
    const outcome = await outcomeOf(py.exec(source));
    expect(outcome.kind).toBe(kind);
    expect(outcome.message).toMatch(says);
  });

  test('10 MB are compiled', { timeout: 60_000 }, async () => {
    await py.exec(`s = "${'a'.repeat(1e7)}"`);
    expect(await py.evaluate('len(s)')).toBe(1e7);
  });

  test('an empty one is nothing, an empty expression is none', async () => {
    await py.exec('');
    expect((await outcomeOf(py.evaluate(''))).kind).toBe('SyntaxError');
  });

  test('a file name with a NUL', async () => {
    expect((await outcomeOf(py.exec('1/0', { filename: 'a\0b' }))).kind).toBe('ValueError');
  });

  test('a syntax error knows where it is', async () => {
    await expect(py.exec('x = 1\ny = = 2')).rejects.toMatchObject({
      attributes: { lineno: 2, offset: 5, text: 'y = = 2\n' },
    });
  });
});

test.each([
  ['', 'ValueError'],
  [':', 'ValueError'],
  ['os:', 'ValueError'],
  ['no_such_name', 'AttributeError'],
  ['os:no_such_name', 'AttributeError'],
  ['a:b:c', 'ModuleNotFoundError'],
  ['..:x', 'ModuleNotFoundError'],
  ['\0:x', 'ModuleNotFoundError'],
  ['os:name', 'TypeError'],
  ['\ud800:x', 'ERR_INVALID_ARGUMENT'],
])('the function %j does not exist', async (path, kind) => {
  expect((await outcomeOf(py.call(path))).kind).toBe(kind);
});

test('many arguments and odd names', async () => {
  expect(await py.call('builtins:max', [...Array(1e5).keys()])).toBe(99_999);
  const odd = { 'a b': 1, '': 2, '\ud800': 3 };
  expect(await py.call('builtins:dict', [], { kwargs: odd })).toEqual(odd);
});

describe('exceptions', () => {
  test.each([
    [
      'whose str() raises',
      'class E(Exception):\n  def __str__(self): raise ValueError\nraise E',
      '__main__.E',
    ],
    [
      'whose str() exits',
      'class E(Exception):\n  def __str__(self): raise SystemExit\nraise E',
      '__main__.E',
    ],
    [
      'whose str() is no str',
      'class E(Exception):\n  def __str__(self): return 1\nraise E',
      '__main__.E',
    ],
    [
      'that cause each other',
      'a = ValueError(); b = ValueError()\na.__cause__ = b; b.__cause__ = a\nraise a',
      'ValueError',
    ],
    ['that cause themselves', 'a = ValueError()\na.__cause__ = a\nraise a', 'ValueError'],
    [
      'in a group that is its own cause',
      'g = ExceptionGroup("g", [ValueError()])\ng.__cause__ = g\nraise g',
      'ExceptionGroup',
    ],
    [
      'in a chain of 100,000',
      'e = None\nfor i in range(10**5):\n  n = ValueError(i); n.__cause__ = e; e = n\nraise e',
      'ValueError',
    ],
    [
      'in 100,000 nested groups',
      'e = ValueError()\nfor i in range(10**5): e = ExceptionGroup("x", [e])\nraise e',
      'ExceptionGroup',
    ],
    [
      'in a group of 100,000',
      'raise ExceptionGroup("x", [ValueError(i) for i in range(10**5)])',
      'ExceptionGroup',
    ],
    [
      'in a group whose class says that its members are none',
      'class G(ExceptionGroup):\n  exceptions = property(lambda self: (1, "two", self))\nraise G("x", [ValueError()])',
      '__main__.G',
    ],
    [
      'of a class of ours that makes something else',
      'from multicore import channels\nchannels.ChannelEmptyError.__new__ = lambda *args: 1\nrx, tx = channels.create(1)\nrx.recv_nowait()',
      'TypeError',
    ],
    ['with notes that are none', 'e = ValueError(); e.__notes__ = 5\nraise e', 'ValueError'],
    [
      'with notes that raise',
      'class N:\n  def __str__(self): 1/0\ne = ValueError(); e.__notes__ = [N()]\nraise e',
      'ValueError',
    ],
    [
      'with attributes that raise',
      'class E(Exception):\n  @property\n  def code(self): 1/0\nraise E',
      '__main__.E',
    ],
    ['of 10 MB', 'raise ValueError("x" * 10**7)', 'ValueError'],
    ['with surrogates', 'raise ValueError("\\ud800")', 'ValueError'],
  ])('%s', { timeout: 60_000 }, async (_name, source, kind) => {
    expect((await outcomeOf(py.exec(source))).kind).toBe(kind);
    expect(await py.evaluate('1 + 1')).toBe(2);
  });

  test.each(['"a" * (1 << 62)', '[0] * (1 << 60)', 'bytearray(1 << 62)'])(
    'no memory for %s',
    async (source) => {
      expect((await outcomeOf(py.evaluate(source))).kind).toBe('MemoryError');
    },
  );
});
