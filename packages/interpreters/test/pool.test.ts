import { Interpreter, InterpreterPool } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';

const WHERE = ['__import__("_interpreters").get_current()[0]', {}];

describe('tasks', () => {
  test('run on all interpreters, results where they belong', async () => {
    await using pool = new InterpreterPool({ size: 2 });
    // Long enough for the second to start: what one can do at once, it does alone.
    await Promise.all([...Array(8)].map(() => pool.run('time:sleep', [0.05])));
    const squares = await Promise.all(
      [...Array(50).keys()].map((n) => pool.run<number>('builtins:pow', [n, 2])),
    );
    expect(squares).toEqual([...Array(50).keys()].map((n) => n * n));
    expect(pool.stats()).toMatchObject({
      interpreters: 2,
      busy: 0,
      waiting: 0,
      completed: 58,
      failed: 0,
      replaced: 0,
    });
  });

  test('a pool starts nothing before its first task', async () => {
    await using pool = new InterpreterPool({ size: 2, name: 'lazy' });
    expect(pool.stats().interpreters).toBe(0);
    await pool.run('builtins:abs', [-1]);
    expect(pool.stats().interpreters).toBe(1);
    expect(Interpreter.get('lazy-1')).toMatchObject({ isolation: 'own-gil', state: 'idle' });
    expect(Interpreter.get('lazy-2')).toBeUndefined();
  });

  test('an exception is the task’s alone', async () => {
    await using pool = new InterpreterPool({ size: 1 });
    await expect(pool.run('math:sqrt', [-1])).rejects.toMatchObject({ pythonType: 'ValueError' });
    expect(await pool.run<number>('math:sqrt', [4])).toBe(2);
    expect(pool.stats()).toMatchObject({ failed: 1, completed: 1, replaced: 0 });
  });

  test('a timeout stops the function, frees its slot and replaces the interpreter', async () => {
    await using pool = new InterpreterPool({ size: 1 });
    await expect(
      pool.run('builtins:exec', ['while True: pass', {}], { timeout: 20 }),
    ).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(await pool.run<number>('builtins:abs', [-1])).toBe(1);
    expect(pool.stats().replaced).toBe(1);
  });

  test('an abort takes a task out of the queue', async () => {
    await using pool = new InterpreterPool({ size: 1 });
    const running = pool.run('time:sleep', [0.05]);
    const controller = new AbortController();
    const waiting = pool.run('time:sleep', [60], { signal: controller.signal });
    controller.abort(new Error('not needed'));
    await expect(waiting).rejects.toThrow('not needed');
    await running;
  });

  test('priority goes first', async () => {
    await using pool = new InterpreterPool({ size: 1 });
    await pool.run('builtins:abs', [1]);
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    const first = pool.run('time:sleep', [0.05]).then(note('first'));
    // Its interpreter may still be tidied up after the task before.
    while (pool.stats().running === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await Promise.all([
      first,
      pool.run('builtins:abs', [1]).then(note('low')),
      pool.run('builtins:abs', [1], { priority: 1 }).then(note('high')),
    ]);
    expect(order).toEqual(['first', 'high', 'low']);
  });

  test('a full queue says so', async () => {
    await using pool = new InterpreterPool({ size: 1, queueLimit: 1 });
    const tasks = [pool.run('time:sleep', [0.05]), pool.run('time:sleep', [0])];
    await expect(pool.run('time:sleep', [0])).rejects.toMatchObject({ code: 'ERR_POOL_FULL' });
    await Promise.all(tasks);
  });

  test('recycled after so many tasks', async () => {
    await using pool = new InterpreterPool({ size: 1, recycle: { tasks: 2 } });
    const ids: number[] = [];
    for (let n = 0; n < 4; n += 1) ids.push(await pool.run<number>('builtins:eval', WHERE));
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).toBe(ids[3]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  test('each visits every interpreter', async () => {
    await using pool = new InterpreterPool({ size: 3 });
    await pool.each('builtins:exec', ['import json', {}]);
    expect(pool.stats()).toMatchObject({ interpreters: 3, completed: 3 });
  });

  test('an initializer that fails fails the tasks, not the pool', async () => {
    await using pool = new InterpreterPool({ size: 2, initializer: 'nowhere_at_all:prepare' });
    await expect(pool.run('builtins:abs', [1])).rejects.toMatchObject({
      pythonType: 'ModuleNotFoundError',
    });
    await expect(pool.each('builtins:abs', [1])).rejects.toMatchObject({
      pythonType: 'ModuleNotFoundError',
    });
  });

  test('a typed handle', async () => {
    await using pool = new InterpreterPool({ size: 1 });
    const int = pool.function<[string], number>('builtins:int');
    expect(await int('7')).toBe(7);
    expect(await int.with({ kwargs: { base: 16 } }, 'ff')).toBe(255);
  });
});

describe('map', () => {
  test('keeps the order of its input', async () => {
    await using pool = new InterpreterPool({ size: 2 });
    const results: number[] = [];
    for await (const result of pool.map<number, number>('builtins:abs', [-1, -2, -3, -4, -5]))
      results.push(result);
    expect(results).toEqual([1, 2, 3, 4, 5]);
  });

  test('reads its input only as results are taken', async () => {
    await using pool = new InterpreterPool({ size: 1 });
    let read = 0;
    function* endless() {
      while (true) yield read++;
    }
    for await (const result of pool.map<number, number>('builtins:abs', endless(), {
      concurrency: 3,
      ordered: false,
    }))
      if (result >= 5) break;
    expect(read).toBeLessThan(12);
  });

  test('ends with the first failure', async () => {
    await using pool = new InterpreterPool({ size: 2 });
    const all = async (): Promise<void> => {
      for await (const _ of pool.map<number>('math:sqrt', [4, -1, 4]));
    };
    await expect(all()).rejects.toMatchObject({ pythonType: 'ValueError' });
  });
});

describe('closing', () => {
  test('waits for its tasks', async () => {
    const pool = new InterpreterPool({ size: 1 });
    const tasks = [pool.run('time:sleep', [0.02]), pool.run<number>('builtins:abs', [-1])];
    await pool.close();
    expect((await Promise.all(tasks))[1]).toBe(1);
    await expect(pool.run('builtins:abs', [1])).rejects.toMatchObject({
      code: 'ERR_INTERPRETER_CLOSED',
    });
  });

  test('stops what takes too long', async () => {
    const pool = new InterpreterPool({ size: 1 });
    const running = pool
      .run('builtins:exec', ['while True: pass', {}])
      .catch((error: { code: string }) => error.code);
    const waiting = pool.run('builtins:abs', [1]).catch((error: { code: string }) => error.code);
    await pool.close({ timeout: 20 });
    expect(await Promise.all([running, waiting])).toEqual([
      'ERR_INTERPRETER_CLOSED',
      'ERR_INTERPRETER_CLOSED',
    ]);
  });
});
