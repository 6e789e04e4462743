import { Interpreter, type PythonError } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

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

describe('an exception of Python code that a callback ran', () => {
  let inner: Interpreter;
  beforeAll(async () => {
    inner = await Interpreter.create({ name: 'inner' });
    await inner.exec('def deep(n):\n    return 1 / n', { filename: 'deep.py' });
    await py.exec(`
import traceback
def shown(f):
    try:
        f()
    except Exception as error:
        return "".join(traceback.format_exception(error))
`);
  });
  afterAll(async () => {
    await inner.close();
  });
  const deep = (): Promise<unknown> => inner.call('deep', [0]);
  const deepSync = (): unknown => inner.callSync('deep', [0]);

  test.each([
    ['asynchronously', deep],
    ['synchronously', deepSync],
  ])('is the cause of what Python sees, with its traceback: %s', async (_, run) => {
    const text = await py.call<string>('shown', [run]);
    expect(text).toMatch(/Uncaught in the interpreter:\s+Traceback \(most recent call last\):/);
    expect(text).toContain('  File "deep.py", line 2, in deep\n    return 1 / n\n');
    expect(text).toContain('ZeroDivisionError: division by zero');
    expect(text).toContain('The above exception was the direct cause of the following exception:');
    expect(text).toMatch(/multicore\.node\.HostError: PythonError: ZeroDivisionError/);
  });

  test('comes back as the same error, which shows both languages', async () => {
    let thrown: unknown;
    const run = async (): Promise<void> => {
      await deep().catch((error: unknown) => {
        thrown = error;
        throw error;
      });
    };
    const error = await py.call<Error>('apply', [run]).catch((reason: unknown) => reason);
    expect(error).toBe(thrown);
    expect(error).toMatchObject({ pythonType: 'ZeroDivisionError', interpreter: 'inner' });
  });

  test('is found along the whole chain on both sides', async () => {
    const run = async (): Promise<void> => {
      try {
        await deep();
      } catch (cause) {
        throw new OwnError('in between', { cause });
      }
    };
    const error = (await py.call('wrapped', [run]).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({
      pythonType: 'ValueError',
      cause: {
        message: 'in between',
        cause: { pythonType: 'ZeroDivisionError', interpreter: 'inner' },
      },
    });
    const { traceback } = error as PythonError;
    const order = ['deep.py', 'PythonError', 'RangeError: in between', 'ValueError: wrapped'];
    expect(order.map((text) => traceback.indexOf(text))).toEqual(
      order.map((text) => traceback.indexOf(text)).toSorted((a, b) => a - b),
    );
    expect(order.every((text) => traceback.includes(text))).toBe(true);
  });
});

test('causes that go in circles, or throw when looked at, are left out', async () => {
  const first = new Error('first');
  const second = new Error('second', { cause: first });
  first.cause = second;
  const hostile = new Error('hostile');
  Object.defineProperty(hostile, 'cause', {
    get() {
      throw new Error('not yours');
    },
  });
  const fails = (error: Error) => () => {
    throw error;
  };
  expect(await py.call('guarded', [fails(first)])).toBe('first');
  expect(await py.call('guarded', [fails(hostile)])).toBe('hostile');
});

test('a stop ends the waiting for a function that does not answer', async () => {
  const never = (): Promise<never> => new Promise(() => undefined);
  const error = await py.call('apply', [never], { timeout: 20 }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'ERR_TIMEOUT' });
  expect(await py.call('apply', [() => 1])).toBe(1);
});
