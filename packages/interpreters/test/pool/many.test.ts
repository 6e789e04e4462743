// Very many tasks at once: they travel together, and each is still a task of its own.

import { describe, expect, test } from 'vitest';
import { rejection, testPool } from './pools.js';

const upTo = (n: number): number[] => [...Array(n).keys()];

describe('thousands of tasks at once', () => {
  test('each gets its own result', async () => {
    await using pool = testPool();
    const results = await Promise.all(upTo(5000).map((n) => pool.run('pool_tasks:add', [n])));
    expect(results).toEqual(upTo(5000));
    expect(pool.stats()).toMatchObject({ completed: 5000, failed: 0, waiting: 0 });
    expect(pool.stats().runTime.count).toBe(5000);
  });

  test('in all shapes, in between each other', async () => {
    await using pool = testPool();
    await pool.run('pool_tasks:add', [1]);
    const shapes = [
      (n: number) => pool.run('pool_tasks:add', [n]),
      (n: number) => pool.run('pool_tasks:add', [n, 0]),
      (n: number) => pool.run('pool_tasks:add', [n], { kwargs: { b: 0 } }),
      (n: number) => pool.run('builtins:abs', [n]),
      (n: number) => pool.run('abs', [n]),
      async (n: number) => (await pool.run<number>('pool_tasks:double', [n])) / 2,
    ];
    const results = upTo(1200).map((n) => shapes[n % shapes.length]?.(n));
    expect(await Promise.all(results)).toEqual(upTo(1200));
  });

  test('what fails, cannot cross, is aborted or takes too long is that task alone', async () => {
    await using pool = testPool();
    await pool.run('pool_tasks:add', [1]);
    const given = new AbortController();
    const results = upTo(2000).map((n) => {
      if (n % 500 === 100) return pool.run('pool_tasks:fail', [`${n} fails`]);
      if (n % 500 === 200) return pool.run('pool_tasks:add', [Symbol(String(n))]);
      if (n % 500 === 300) return pool.run('pool_tasks:add', [n], { signal: given.signal });
      if (n % 500 === 400) return pool.run('pool_tasks:endless', [], { timeout: 10 });
      return pool.run('pool_tasks:add', [n]);
    });
    given.abort(new Error('not wanted'));
    const settled = await Promise.allSettled(results);
    for (const [n, one] of settled.entries()) {
      const is = n % 500;
      if (is === 100) expect(one).toMatchObject({ reason: { message: `ValueError: ${n} fails` } });
      else if (is === 200) expect(one).toMatchObject({ reason: { code: 'ERR_NOT_SHAREABLE' } });
      else if (is === 300) expect(one).toMatchObject({ reason: { message: 'not wanted' } });
      else if (is === 400) expect(one).toMatchObject({ reason: { code: 'ERR_TIMEOUT' } });
      else expect(one).toEqual({ status: 'fulfilled', value: n });
    }
    expect(pool.stats()).toMatchObject({ failed: 16, waiting: 0 });
  });

  test('a long one among short ones holds up nobody who could run elsewhere', async () => {
    await using pool = testPool();
    await Promise.all(upTo(200).map((n) => pool.run('pool_tasks:spin', [n % 2 ? 0 : 0.01])));
    let isLongOver = false;
    const long = pool.run('pool_tasks:spin', [300]).then(() => {
      isLongOver = true;
    });
    await Promise.all(upTo(200).map(() => pool.run('pool_tasks:spin', [0])));
    expect(isLongOver).toBe(false);
    await long;
  });

  test('nothing runs in what a stopped task left behind', async () => {
    await using pool = testPool({ size: 1 });
    await Promise.all(upTo(300).map(() => pool.run('pool_tasks:half', [0])));
    for (const how of ['timeout', 'signal']) {
      const stop = new AbortController();
      const options = how === 'timeout' ? { timeout: 1 } : { signal: stop.signal };
      const long = rejection(pool.run('pool_tasks:half', [60_000], options));
      const behind = upTo(100).map(() => pool.run('pool_tasks:half', [0]));
      setTimeout(() => {
        stop.abort(new Error('enough'));
        // An event loop that is busy does not take tasks back in time.
        const end = performance.now() + 50;
        while (performance.now() < end);
      }, 2);
      expect(await long).toMatchObject(
        how === 'timeout' ? { code: 'ERR_TIMEOUT' } : { message: 'enough' },
      );
      expect(new Set(await Promise.all(behind))).toEqual(new Set([false]));
    }
    expect(pool.stats().replaced).toBe(2);
  });

  test('one signal for all of them has one listener', async () => {
    await using pool = testPool();
    const { signal } = new AbortController();
    const warnings: Error[] = [];
    const warn = (warning: Error): void => {
      warnings.push(warning);
    };
    process.on('warning', warn);
    await Promise.all(upTo(100).map((n) => pool.run('pool_tasks:add', [n], { signal })));
    process.off('warning', warn);
    expect(warnings).toEqual([]);
  });

  test('errors know who waits for them', async () => {
    await using pool = testPool();
    const failing = async (): Promise<void> => {
      await pool.run('pool_tasks:fail', ['where?']);
    };
    const error = (await rejection(failing())) as Error;
    expect(error.stack).toMatch(/at fail \(.*pool_tasks\.py/);
    expect(error.stack).toContain('at failing');
    const mapping = async (): Promise<void> => {
      for await (const _ of pool.map('pool_tasks:fail', ['where?']));
    };
    expect(((await rejection(mapping())) as Error).stack).toContain('at mapping');
  });
});

describe('what is wrong is said', () => {
  test('about arguments', async () => {
    await using pool = testPool();
    const run = pool.run('pool_tasks:add', 5 as unknown as unknown[]);
    expect(await rejection(run)).toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining('give an array'),
    });
    expect(() => pool.map('pool_tasks:add', 5 as unknown as number[])).toThrow(/iterable/);
  });

  test('os._exit and os.abort do not end the process', async () => {
    await using pool = testPool({ size: 1 });
    for (const name of ['os:_exit', 'os:abort']) {
      expect(await rejection(pool.run(name, name === 'os:_exit' ? [3] : []))).toMatchObject({
        pythonType: 'RuntimeError',
        message: expect.stringContaining('refused in a pool'),
      });
    }
  });
});
