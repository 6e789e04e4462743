import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, expect, test } from 'vitest';

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create();
  await py.exec(`
def apply(f, *args): return f(*args)
def guarded(f):
    try:
        f()
    except Exception as error:
        return str(error)
def wrapped(f):
    try:
        f()
    except Exception as error:
        raise ValueError('wrapped') from error
`);
});
afterAll(async () => {
  await py.close();
});

class OwnError extends RangeError {}
const own = new OwnError('mine');
const fail = (): never => {
  throw own;
};

test('a function is a callable in Python', async () => {
  expect(await py.call('apply', [(a: number, b: number) => a + b, 1, 2])).toBe(3);
});

test('Python waits for an async function', async () => {
  expect(await py.call('apply', [async (text: string) => [text, { n: 1 }], 'x'])).toEqual([
    'x',
    { n: 1 },
  ]);
});

test('what it throws is an exception in Python, and comes back as the same error', async () => {
  const stack = own.stack;
  expect(await py.call<string>('guarded', [fail])).toContain('mine');
  expect(await py.call('apply', [fail]).catch((error: unknown) => error)).toBe(own);
  expect(own.stack).toBe(stack);
  expect(await py.call('apply', [() => Promise.reject(own)]).catch((error: unknown) => error)).toBe(
    own,
  );
});

test('it is the cause of what Python raised from it', async () => {
  const error = await py.call('wrapped', [fail]).catch((reason: unknown) => reason as Error);
  expect(error).toMatchObject({ pythonType: 'ValueError', cause: own });
});

test('an interpreter is the same object in a callback', async () => {
  expect(await py.call('apply', [(other: unknown) => other === py, py])).toBe(true);
});
