// Locks, semaphores, events, conditions and barriers: in Python, in JavaScript, between them.

import { setTimeout as sleep } from 'node:timers/promises';
import { Barrier, Condition, channels, Event, Lock, Semaphore } from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workerThatHolds } from './doomed-worker.js';

let pool: Interpreter[];
let py: Interpreter;
beforeAll(async () => {
  pool = await Promise.all([1, 2, 3].map(() => Interpreter.create({ serial: false })));
  py = pool[0] as Interpreter;
  for (const each of pool) await each.exec('from multicore.sync import *\nimport threading, time');
});
afterAll(async () => {
  await Promise.all(pool.map((each) => each.close({ timeout: 2000 })));
});

describe('Lock', () => {
  test('excludes interpreters and JavaScript from each other', async () => {
    const lock = new Lock();
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const jobs = pool.map((each) =>
      each.exec(
        'for _ in range(300):\n  with lock:\n    seen = counter[0]\n    if _ % 50 == 0: time.sleep(0.0005)\n    counter[0] = seen + 1',
        { bind: { lock, counter } },
      ),
    );
    for (let n = 0; n < 300; n++) {
      await using _guard = await lock.acquire();
      const seen = counter[0] as number;
      if (n % 50 === 0) await sleep(1);
      counter[0] = seen + 1;
    }
    await Promise.all(jobs);
    expect(counter[0]).toBe(1200);
    expect(lock.isLocked).toBe(false);
  });

  test('timeouts, aborts and tries leave it as it was', async () => {
    const lock = new Lock();
    const guard = await lock.acquire();
    expect(lock.isLocked).toBe(true);
    expect(lock.tryAcquire()).toBeUndefined();
    await expect(lock.acquire({ timeout: 5 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await expect(lock.acquire({ signal: AbortSignal.timeout(5) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(
      await py.evaluate('lock.acquire(False), lock.acquire(timeout=0.005), lock.locked()', {
        bind: { lock },
      }),
    ).toEqual([false, false, true]);
    await expect(py.evaluate('lock.release()', { bind: { lock } })).rejects.toThrow(
      /release unlocked/,
    );
    guard.release();
    guard.release();
    expect(lock.isLocked).toBe(false);
    expect(await lock.with(() => lock.isLocked)).toBe(true);
    const again = lock.tryAcquire();
    expect(again?.isHeld).toBe(true);
    again?.release();
  });

  test('an abort at the moment of release loses nothing', async () => {
    const lock = new Lock();
    for (let round = 0; round < 200; round++) {
      const guard = await lock.acquire();
      const controller = new AbortController();
      const waits = lock.acquire({ signal: controller.signal }).then(
        (got) => got.release(),
        () => {},
      );
      if (round % 2) {
        guard.release();
        controller.abort();
      } else {
        controller.abort();
        guard.release();
      }
      await waits;
      (await lock.acquire({ timeout: 1000 })).release();
    }
  });

  test('is the same object everywhere', async () => {
    const lock = new Lock();
    await py.exec('kept = lock', { bind: { lock } });
    expect(await py.evaluate('kept == lock and hash(kept) == hash(lock)', { bind: { lock } })).toBe(
      true,
    );
    const back = await py.evaluate<Lock>('kept');
    expect(back).toBeInstanceOf(Lock);
    expect(back.id).toBe(lock.id);
    expect(await py.evaluate<Lock>('Lock()')).toBeInstanceOf(Lock);
    expect(channels().filter(({ name }) => name?.includes('lock'))).toEqual([]);
  });

  test('a stop of the job ends the wait, and the lock is as before', async () => {
    const lock = new Lock();
    const guard = await lock.acquire();
    await expect(py.exec('lock.acquire()', { bind: { lock }, timeout: 20 })).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
    });
    guard.release();
    (await lock.acquire({ timeout: 100 })).release();
  });

  test('breaks when the interpreter that holds it ends', async () => {
    const lock = new Lock();
    const doomed = await Interpreter.create();
    await doomed.exec('lock.acquire()', { bind: { lock } });
    const waits = py.exec('lock.acquire()', { bind: { lock } });
    const waitsHere = lock.acquire();
    const seen = Promise.all([
      expect(waits).rejects.toThrow(/BrokenLockError.*went away/),
      expect(waitsHere).rejects.toMatchObject({ code: 'ERR_BROKEN' }),
    ]);
    await sleep(20);
    await doomed.close();
    await seen;
    expect(lock.broken).toMatch(/went away/);
    expect(() => lock.tryAcquire()).toThrow(/went away/);
  });

  test('breaks when the Worker that holds it is terminated; its semaphores recover', async () => {
    await py.exec('lock, slots = Lock(), Semaphore(2)');
    await Interpreter.create({ name: 'meeting' }).then((meeting) => meeting.exec('shared = {}'));
    const meeting = Interpreter.get('meeting') as Interpreter;
    const lock = await py.evaluate<Lock>('lock');
    const slots = await py.evaluate<Semaphore>('slots');
    await meeting.exec('shared.update(lock=lock, slots=slots)', { bind: { lock, slots } });
    const worker = await workerThatHolds(`
      const { lock, slots } = await meeting.evaluate('shared');
      return [await lock.acquire(), await slots.acquire(), await slots.acquire()];
    `);
    expect([lock.isLocked, slots.available]).toEqual([true, 0]);
    const waits = expect(py.exec('lock.acquire()')).rejects.toThrow(/BrokenLockError/);
    await worker.terminate();
    await waits;
    await expect.poll(() => slots.available).toBe(2);
    await meeting.close();
  });

  test('RLock is taken again by its thread alone', async () => {
    expect(
      await py.evaluate(`(lambda lock: (
        lock.acquire(), lock.acquire(), [lock.acquire(False) for _ in range(1)],
        (t := __import__('concurrent.futures').futures.ThreadPoolExecutor(1)).submit(lock.acquire, False).result(),
        lock.release(), lock.release(), lock.release(), lock.locked(), t.shutdown()))(RLock())`),
    ).toEqual([true, true, [true], false, null, null, null, false, null]);
    await expect(py.exec('RLock().release()')).rejects.toThrow(/un-acquired/);
  });
});

test('Semaphore', async () => {
  const slots = new Semaphore(2);
  const guards = [await slots.acquire(), slots.tryAcquire()];
  expect(slots.available).toBe(0);
  expect(slots.tryAcquire()).toBeUndefined();
  const waits = py.evaluate('slots.acquire()', { bind: { slots } });
  guards[0]?.release();
  expect(await waits).toBe(true);
  await py.exec('slots.release(2)', { bind: { slots } });
  slots.release();
  expect(slots.available).toBe(3);
  guards[1]?.release();
  expect(await py.evaluate('slots.available()', { bind: { slots } })).toBe(4);
  expect(() => new Semaphore(-1)).toThrow(/permits/);
  await expect(py.evaluate('Semaphore(-1)')).rejects.toThrow(/>= 0/);
});

test('Event', async () => {
  const event = new Event();
  expect(await py.evaluate('event.wait(0.005), event.is_set()', { bind: { event } })).toEqual([
    false,
    false,
  ]);
  const waits = pool.map((each) => each.evaluate('event.wait()', { bind: { event } }));
  setTimeout(() => event.set(), 20);
  await event.wait();
  expect(await Promise.all(waits)).toEqual([true, true, true]);
  await event.wait({ timeout: 0 });
  expect(event.isSet).toBe(true);
  event.clear();
  expect(event.isSet).toBe(false);
  await expect(event.wait({ timeout: 5 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
  const arrived = await py.evaluate<Event>('Event()');
  await py.exec('event.set()', { bind: { event: arrived } });
  await arrived.wait({ timeout: 1000 });
});

test('Condition', async () => {
  const lock = new Lock();
  const condition = new Condition(lock);
  const items = new Int32Array(new SharedArrayBuffer(4));
  const consumers = pool.map((each) =>
    each.evaluate(
      '[(c.__enter__(), c.wait_for(lambda: items[0] > 0), items.__setitem__(0, items[0] - 1), c.__exit__(None, None, None))[1] for _ in range(20)]',
      { bind: { c: condition, items } },
    ),
  );
  for (let n = 0; n < 60; n++) {
    await using _guard = await lock.acquire();
    items[0] = (items[0] as number) + 1;
    condition.notify();
  }
  for (const taken of await Promise.all(consumers)) expect(taken).toEqual(new Array(20).fill(true));
  expect(items[0]).toBe(0);

  const guard = await lock.acquire();
  const waits = condition.wait(guard);
  expect(guard.isHeld).toBe(false);
  await py.exec('with c: c.notify_all()', { bind: { c: condition } });
  const back = await waits;
  expect(lock.isLocked).toBe(true);
  await expect(condition.wait(back, { timeout: 5 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
  expect(lock.isLocked).toBe(false);
  await expect(condition.wait(back)).rejects.toThrow(/released/);

  expect(
    await py.evaluate(
      '(lambda c: (c.__enter__(), c.wait(0.005), c.__exit__(None, None, None)))(Condition())',
    ),
  ).toEqual([true, false, null]);
  await expect(py.exec('Condition().wait()')).rejects.toThrow(/un-acquired/);
  await expect(py.exec('Condition().notify()')).rejects.toThrow(/un-acquired/);
  expect((await py.evaluate<Condition>('Condition(Lock())')).lock).toBeInstanceOf(Lock);
});

describe('Barrier', () => {
  test('lets all go on together, again and again', async () => {
    const barrier = new Barrier(4);
    const jobs = pool.map((each) =>
      each.evaluate<number[]>('[barrier.wait() for _ in range(50)]', { bind: { barrier } }),
    );
    const here: number[] = [];
    for (let n = 0; n < 50; n++) here.push(await barrier.wait());
    const all = [here, ...(await Promise.all(jobs))];
    for (let n = 0; n < 50; n++)
      expect(all.map((indices) => indices[n]).sort()).toEqual([0, 1, 2, 3]);
    expect([barrier.parties, barrier.waiting, barrier.broken]).toEqual([4, 0, null]);
  });

  test('breaks when a party gives up, until it is reset', async () => {
    const barrier = new Barrier(2);
    await expect(barrier.wait({ timeout: 5 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await expect(barrier.wait()).rejects.toMatchObject({ code: 'ERR_BROKEN' });
    await expect(py.exec('barrier.wait()', { bind: { barrier } })).rejects.toThrow(
      /BrokenBarrierError/,
    );
    barrier.reset();
    const waits = py.exec('barrier.wait()', { bind: { barrier }, timeout: 20 });
    await expect(waits).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(barrier.broken).toMatch(/gave up/);
    barrier.reset();
    const last = py.evaluate('barrier.wait(), barrier.parties, barrier.n_waiting, barrier.broken', {
      bind: { barrier },
    });
    expect([await barrier.wait(), ((await last) as unknown[])[0]].sort()).toEqual([0, 1]);
    barrier.abort();
    await expect(py.exec('barrier.wait()', { bind: { barrier } })).rejects.toThrow(/aborted/);
    expect(() => new Barrier(0)).toThrow(/parties/);
  });

  test('breaks when the interpreter of a party ends', async () => {
    const barrier = new Barrier(2);
    const doomed = await Interpreter.create();
    const waits = doomed.exec('barrier.wait()', { bind: { barrier } }).catch(() => {});
    await expect.poll(() => barrier.waiting).toBe(1);
    await doomed.close({ timeout: 10 });
    await waits;
    await expect(barrier.wait()).rejects.toMatchObject({ code: 'ERR_BROKEN' });
  });
});
