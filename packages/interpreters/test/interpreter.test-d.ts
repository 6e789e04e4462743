import {
  Interpreter,
  type PythonFunction,
  type PythonSource,
  python,
} from '@multicore-python/interpreters';
import { expectTypeOf, test } from 'vitest';

declare const py: Interpreter;

test('results are what the caller says, unknown otherwise', () => {
  expectTypeOf(py.evaluate('1')).resolves.toBeUnknown();
  expectTypeOf(py.evaluate<number>('1')).resolves.toBeNumber();
  expectTypeOf(py.call<string[]>('m:f')).resolves.toEqualTypeOf<string[]>();
  expectTypeOf(py.callSync<bigint>('m:f')).toBeBigInt();
  expectTypeOf(py.exec('x = 1')).resolves.toBeVoid();
});

test('handles are typed functions', () => {
  const mean = py.function<[readonly number[]], number>('statistics:mean');
  expectTypeOf(mean).toEqualTypeOf<PythonFunction<[readonly number[]], number>>();
  expectTypeOf(mean([1])).resolves.toBeNumber();
  expectTypeOf(mean.sync([1])).toBeNumber();
  expectTypeOf(mean.with({ timeout: 1 }, [1])).resolves.toBeNumber();
  // @ts-expect-error a number is not an array
  mean(1);
});

test('sources are made by the tag', () => {
  expectTypeOf(python`x = ${1}`).toEqualTypeOf<PythonSource>();
  expectTypeOf(py.exec).parameter(0).toEqualTypeOf<string | PythonSource>();
});

test('interpreters are disposable', () => {
  expectTypeOf(py).toExtend<AsyncDisposable>();
  expectTypeOf(Interpreter.create()).resolves.toEqualTypeOf<Interpreter>();
});

test('a synchronous call has no signal', () => {
  // @ts-expect-error nobody could abort it
  py.callSync('m:f', [], { signal: new AbortController().signal });
});
