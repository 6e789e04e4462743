import { describe, expect, test } from 'vitest';
import { rejection, testPool } from './pools.js';

describe('a full pool', () => {
  test('refuses', async () => {
    await using pool = testPool({ size: 1, queueLimit: 1 });
    const tasks = [pool.run('pool_tasks:spin', [1]), pool.run('pool_tasks:spin', [1])];
    expect(await rejection(pool.run('pool_tasks:spin', [1]))).toMatchObject({
      code: 'ERR_POOL_FULL',
    });
    await Promise.all(tasks);
    await pool.run('pool_tasks:spin', [1]);
  });

  test('or lets tasks wait', async () => {
    await using pool = testPool({ size: 1, queueLimit: 0, whenFull: 'wait' });
    const results = Array.from({ length: 20 }, (_, n) => pool.run<number>('pool_tasks:add', [n]));
    expect(await Promise.all(results)).toEqual([...Array(20).keys()]);
  });

  test('says when there is room', async () => {
    await using pool = testPool({ size: 1, queueLimit: 1 });
    const done: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      await pool.room();
      void pool.run<number>('pool_tasks:add', [n]).then((value) => done.push(value));
    }
    await pool.drain();
    expect(done).toEqual([...Array(10).keys()]);
  });

  test('waiting for room can be given up', async () => {
    await using pool = testPool({ size: 1, queueLimit: 0, whenFull: 'wait' });
    const running = pool.run('pool_tasks:spin', [20]);
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const waiting = [
      rejection(pool.room(options)),
      rejection(pool.run('pool_tasks:add', [1], options)),
    ];
    controller.abort(new Error('no'));
    expect(await Promise.all(waiting)).toMatchObject([{ message: 'no' }, { message: 'no' }]);
    await running;
  });

  test('map waits instead of failing', async () => {
    await using pool = testPool({ size: 1, queueLimit: 1 });
    const results: number[] = [];
    for await (const one of pool.map<number, number>('pool_tasks:add', Array(30).keys())) {
      results.push(one);
    }
    expect(results).toHaveLength(30);
  });
});
