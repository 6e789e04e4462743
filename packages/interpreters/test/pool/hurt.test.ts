// Tasks that mean to hurt: what each costs, and that the next one does not notice.

import { python } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { rejection, testPool } from './pools.js';

const deep = python`
  def recur(n):
      return recur(n + 1)
`;
const kill = python`
  def kill(how):
      import os
      getattr(os, how)(*([3] if how == "_exit" else []))
`;

describe('a task', () => {
  test.each([
    ['that recurs for ever', deep, [0], { pythonType: 'RecursionError' }],
    [
      'that wants more memory than there is',
      python`bytes`,
      [2 ** 50],
      { pythonType: 'MemoryError' },
    ],
    ['that calls os._exit', kill, ['_exit'], { pythonType: 'RuntimeError' }],
    ['that calls os.abort', kill, ['abort'], { pythonType: 'RuntimeError' }],
    ['that calls os.fork', kill, ['fork'], { code: 'ERR_PYTHON' }],
    ['that exits', python`raise SystemExit("bye")`, [], { pythonType: 'SystemExit' }],
    [
      'that interrupts itself',
      python`raise KeyboardInterrupt`,
      [],
      { pythonType: 'KeyboardInterrupt' },
    ],
  ])('%s fails, and costs nothing else', async (_name, source, args, failure) => {
    await using pool = testPool({ size: 1 });
    expect(await rejection(pool.run(source, args))).toMatchObject(failure);
    expect(await pool.run('pool_tasks:add', [1])).toBe(1);
    expect(pool.stats()).toMatchObject({ replaced: 0, abandoned: 0 });
  });

  test('that overflows its stack in C costs its interpreter', async () => {
    await using pool = testPool({ size: 1 });
    const overflow = python`
      def overflow():
          x = ()
          for _ in range(2_000_000):
              x = (x,)
          return hash(x)
    `;
    expect(await rejection(pool.run(overflow))).toMatchObject({
      code: 'ERR_INTERPRETER_ABANDONED',
    });
    expect(await pool.run('pool_tasks:add', [1])).toBe(1);
    expect(pool.stats()).toMatchObject({ replaced: 1, interpreters: 1 });
    await expect.poll(() => pool.stats().abandoned).toBe(1);
  });

  test('that takes the builtins away hurts itself alone', async () => {
    await using pool = testPool({ size: 1, recycle: { tasks: 1 } });
    await rejection(pool.run(python`__import__("builtins").__dict__.clear()`));
    expect(await pool.run('pool_tasks:add', [1])).toBe(1);
  });
});

test('with the main interpreter’s GIL, too', async () => {
  await using pool = testPool({ size: 2, isolation: 'shared-gil' });
  const ids = python`__import__("_interpreters").get_current()[0]`;
  expect(await pool.each(ids)).toHaveLength(2);
  const tasks = Array.from({ length: 20 }, (_, n) => pool.run<number>('pool_tasks:add', [n]));
  expect(await Promise.all(tasks)).toEqual([...Array(20).keys()]);
  expect(await rejection(pool.run('pool_tasks:endless', [], { timeout: 20 }))).toMatchObject({
    code: 'ERR_TIMEOUT',
  });
  expect(await pool.run('pool_tasks:add', [1])).toBe(1);
  expect(pool.stats().replaced).toBe(1);
});
