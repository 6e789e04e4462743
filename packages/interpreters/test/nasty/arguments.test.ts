// Arguments of the wrong type, from programs without types: an error that says which, and never one
// that claims a defect of ours. What Python code does wrong is in the files beside this.

import {
  Complex,
  float,
  Interpreter,
  InterpreterPool,
  python,
} from '@multicore-python/interpreters';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outcomeOf } from './outcome.js';

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create();
});
afterAll(async () => {
  await py.close();
});

/** Anything, where a type is wanted. */
const wrong = (value: unknown): never => value as never;

test.each<[string, () => unknown]>([
  ['source', () => py.exec(wrong(undefined))],
  ['source', () => py.evaluate(wrong(null))],
  ['source', () => py.execSync(wrong({ text: 'pass' }))],
  ['serial', () => Interpreter.create({ serial: wrong('yes') })],
  ['serial', () => Interpreter.createSync({ serial: wrong(1) })],
  ['signal', () => py.exec('pass', { signal: wrong(null) })],
  ['signal', () => py.call('builtins:abs', [1], { signal: wrong({ aborted: false }) })],
  ['float', () => float(wrong('1'))],
  ['im', () => new Complex(1, wrong(undefined))],
  ['python', () => python(wrong('pass'))],
  ['serial', () => new InterpreterPool({ size: 1, serial: wrong(0) }).run('builtins:abs', [1])],
])('%s: %s', async (what, run) => {
  const outcome = await outcomeOf((async () => run())());
  expect(outcome.kind).toBe('ERR_INVALID_ARGUMENT');
  expect(outcome.message).toContain(what);
});

test('a name with a NUL in it, which no thread may have', async () => {
  const own = await Interpreter.create({ name: 'a\0b' });
  expect(own.name).toBe('a\0b');
  expect(await own.evaluate('1 + 1')).toBe(2);
  await own.close();
});
