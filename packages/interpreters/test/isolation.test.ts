// What an interpreter shares, and extension modules that mind.

import { Interpreter } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => error,
  );

describe("isolation: 'main'", () => {
  test('is the main interpreter', async () => {
    const main = await Interpreter.create({ isolation: 'main' });
    expect(main).toBe(await Interpreter.main());
    expect(Interpreter.createSync({ isolation: 'main' })).toBe(main);
    expect(await main.evaluate<number>('6 * 7')).toBe(42);
  });

  test('takes no other option', async () => {
    expect(
      await rejection(Interpreter.create({ isolation: 'main', name: 'mine', serial: true })),
    ).toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining('takes no name, serial'),
    });
  });

  test('closing it does nothing, and says so', async () => {
    const main = await Interpreter.main();
    expect((await main.close({ timeout: 0 })).abandoned).toMatch(/as long as the process/);
    expect(main.state).toBe('idle');
    {
      await using again = await Interpreter.create({ isolation: 'main' });
      expect(again).toBe(main);
    }
    expect(await main.evaluate<number>('1 + 1')).toBe(2);
  });
});

describe('an extension module that cannot be isolated', async () => {
  const main = await Interpreter.main();
  const hasModule = await main.evaluate<boolean>(
    "__import__('importlib.util').util.find_spec('_testsinglephase') is not None",
  );

  // CPython's own module of this kind; not every build has it.
  test.runIf(hasModule)('is refused with its name and what to do', async () => {
    await using py = await Interpreter.create({ name: 'strict' });
    const error = await rejection(py.exec('import _testsinglephase'));
    expect(error).toMatchObject({
      code: 'ERR_ISOLATION',
      message: expect.stringMatching(
        /_testsinglephase.*"strict".*shared-gil.*Interpreter\.main\(\)/,
      ),
      cause: { pythonType: 'ImportError' },
    });
    expect((error as { cause: Error }).cause.message).toContain(
      'module _testsinglephase does not support loading in subinterpreters',
    );
    expect(await py.evaluate<number>('1 + 1')).toBe(2);
  });

  test.runIf(hasModule)('is named also if another module wanted it', async () => {
    await using py = await Interpreter.create();
    await py.exec('def load():\n    import _testsinglephase\n    return True');
    expect(await rejection(py.call('load'))).toMatchObject({
      code: 'ERR_ISOLATION',
      message: expect.stringContaining('_testsinglephase'),
    });
  });
});
