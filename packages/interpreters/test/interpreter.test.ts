import { Interpreter, MulticoreError, python } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create({ name: 'worker' });
});
afterAll(async () => {
  await py.close();
});

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof MulticoreError ? error.code : error),
  );

describe('running Python', () => {
  test('exec runs statements, evaluate expressions, call functions', async () => {
    await py.exec('import math\nradius = 2');
    expect(await py.evaluate<number>('math.floor(math.pi * radius ** 2)')).toBe(12);
    expect(await py.call<number>('math:hypot', [3, 4])).toBe(5);
  });

  test('a function in __main__ is called by its name', async () => {
    await py.exec('def double(n):\n    return 2 * n');
    expect(await py.call<number>('double', [21])).toBe(42);
  });

  test('methods and keyword arguments', async () => {
    expect(await py.call<string>('builtins:str.upper', ['abc'])).toBe('ABC');
    expect(
      await py.call<string>('textwrap:shorten', ['Hello wide world'], { kwargs: { width: 11 } }),
    ).toBe('Hello [...]');
  });

  test('the same work synchronously', () => {
    py.execSync('counter = 1');
    expect(py.evaluateSync<number>('counter + 1')).toBe(2);
    expect(py.callSync<number>('math:hypot', [3, 4])).toBe(5);
    expect(
      py.callSync<number[]>('builtins:sorted', [[2, 3, 1]], { kwargs: { reverse: true } }),
    ).toEqual([3, 2, 1]);
  });

  test('a typed handle in its four forms', async () => {
    const int = py.function<[string], number>('builtins:int');
    expect(int.path).toBe('builtins:int');
    expect(await int('7')).toBe(7);
    expect(int.sync('7')).toBe(7);
    expect(await int.with({ kwargs: { base: 16 } }, 'ff')).toBe(255);
    expect(int.syncWith({ kwargs: { base: 2 } }, '101')).toBe(5);
  });

  test('what exec binds stays, what evaluate binds does not', async () => {
    await py.exec('kept = given', { bind: { given: 5 } });
    expect(await py.evaluate<number>('kept + given')).toBe(10);
    expect(await py.evaluate<number>('only * 2', { bind: { only: 4 } })).toBe(8);
    expect(await py.evaluate<boolean>("'only' in globals()")).toBe(false);
    await py.prepareMain({ prepared: ['x'] });
    expect(await py.evaluate<string[]>('prepared')).toEqual(['x']);
  });

  test('a tagged source binds its values', async () => {
    const values = [1, 2, 3.5];
    await py.exec(python`
      total = sum(${values})
      text = ${'"); raise SystemExit("'}
    `);
    expect(await py.evaluate<number>(python`total * ${2}`)).toBe(13);
    expect(await py.evaluate<string>('text')).toBe('"); raise SystemExit("');
  });

  test('jobs run in the order of their calls', async () => {
    await py.exec('log = []');
    await Promise.all([...Array(50).keys()].map((n) => py.call('log.append', [n])));
    expect(await py.evaluate<number[]>('log')).toEqual([...Array(50).keys()]);
  });
});

describe('which interpreter', () => {
  test('it has an id, a name, an isolation and a state', async () => {
    expect(await py.evaluate('__import__("_interpreters").get_current()[0]')).toBe(py.id);
    expect(py.name).toBe('worker');
    expect(py.isolation).toBe('own-gil');
    expect(py.serial).toBe(false);
    expect(py.state).toBe('idle');
  });

  test('the same interpreter is the same object', async () => {
    expect(Interpreter.get('worker')).toBe(py);
    expect(Interpreter.get(py.id)).toBe(py);
    expect(Interpreter.list()).toContain(py);
    expect(Interpreter.get('nobody')).toBeUndefined();
    const main = await Interpreter.main();
    expect(main.id).toBe(0);
    expect(main.isolation).toBe('main');
    expect(await Interpreter.main()).toBe(main);
    expect(Interpreter.list()[0]).toBe(main);
  });

  test('each has its own modules and its own __main__', async () => {
    await using other = await Interpreter.create();
    await py.exec('import json\njson.mark = 1\nhere = True');
    expect(
      await other.evaluate<boolean>("hasattr(__import__('json'), 'mark') or 'here' in globals()"),
    ).toBe(false);
  });

  test('a name is taken once', async () => {
    expect(await codeOf(Interpreter.create({ name: 'worker' }))).toBe('ERR_INVALID_ARGUMENT');
  });

  test('path and argv are its own', async () => {
    await using other = await Interpreter.create({ path: ['/somewhere'], argv: ['prog', '-x'] });
    expect(
      await other
        .evaluate<[string, string[]]>('(sys.path[0], sys.argv)', { bind: {} })
        .catch(async () => {
          await other.exec('import sys');
          return other.evaluate<[string, string[]]>('(sys.path[0], sys.argv)');
        }),
    ).toEqual(['/somewhere', ['prog', '-x']]);
    expect(await py.evaluate<boolean>("'/somewhere' in __import__('sys').path")).toBe(false);
  });

  test('createSync creates while the caller waits', async () => {
    const other = Interpreter.createSync({ name: 'sync' });
    expect(other.evaluateSync<number>('1 + 1')).toBe(2);
    await other.close();
  });

  test('stats count its jobs', async () => {
    const before = py.stats().jobs;
    await py.exec('pass');
    expect(py.stats().jobs).toBeGreaterThan(before);
    expect(py.stats().threads).toBeGreaterThanOrEqual(1);
  });
});

describe('closing', () => {
  test('ends it, once', async () => {
    const other = await Interpreter.create();
    const first = other.close();
    expect(other.close()).toBe(first);
    expect(await first).toEqual({ abandoned: null });
    expect(other.state).toBe('closed');
    expect(Interpreter.list()).not.toContain(other);
    expect(await codeOf(other.exec('pass'))).toBe('ERR_INTERPRETER_CLOSED');
    expect(() => other.execSync('pass')).toThrow(
      expect.objectContaining({ code: 'ERR_INTERPRETER_CLOSED' }),
    );
  });

  test('refuses what waits and stops what runs too long', async () => {
    const other = await Interpreter.create();
    const running = codeOf(other.exec('while True: pass'));
    const waiting = codeOf(other.exec('pass'));
    await other.close({ timeout: 20 });
    expect(await running).toBe('ERR_INTERPRETER_CLOSED');
    expect(await waiting).toBe('ERR_INTERPRETER_CLOSED');
  });

  test('await using closes', async () => {
    let seen: Interpreter;
    {
      await using other = await Interpreter.create();
      seen = other;
    }
    expect(seen.state).toBe('closed');
  });
});

test('wrong arguments are refused with a sentence', async () => {
  expect(await codeOf(py.exec('pass', { timeout: -1 }))).toBe('ERR_INVALID_ARGUMENT');
  expect(await codeOf(py.exec('pass', { timeout: Number.NaN }))).toBe('ERR_INVALID_ARGUMENT');
});
