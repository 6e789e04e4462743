// Stopping code that does not want to stop. What can be interrupted is, and the interpreter stays
// usable; what cannot is told of in bounded time.

import { Interpreter } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { outcomeOf, outcomeOfSync, runAlone } from './outcome.js';

describe('interrupted, and usable afterwards', () => {
  test.each([
    ['a loop', 'while True: pass'],
    [
      'a loop that catches once',
      'try:\n  while True: pass\nexcept BaseException: pass\nwhile True: pass',
    ],
    ['a generator without end', 'import itertools\nfor _ in itertools.count(): pass'],
    [
      'recursion without end',
      'import sys\nsys.setrecursionlimit(10**6)\ndef f(n):\n  try: f(n + 1)\n  except RecursionError: pass\n  f(n)\nf(0)',
    ],
    ['time.sleep', 'import time; time.sleep(10**6)'],
    ['from time import sleep', 'from time import sleep; sleep(10**6)'],
    ['queue.get', 'import queue; queue.Queue().get()'],
    ['Event.wait', 'import threading; threading.Event().wait()'],
    ['Condition.wait', 'import threading\nc = threading.Condition()\nwith c: c.wait()'],
    ['Barrier.wait', 'import threading; threading.Barrier(2).wait()'],
    ['Semaphore.acquire', 'import threading; threading.Semaphore(0).acquire()'],
    ['Future.result', 'import concurrent.futures; concurrent.futures.Future().result()'],
    ['asyncio.run', 'import asyncio; asyncio.run(asyncio.sleep(10**6))'],
    ['subprocess.run', 'import subprocess; subprocess.run(["sleep", "100"])'],
    [
      'subprocess with pipes',
      'import subprocess; subprocess.run(["sleep", "100"], capture_output=True)',
    ],
    [
      'a str() that loops',
      'class E(Exception):\n  def __str__(self):\n    while True: pass\nraise E',
    ],
    [
      'a finalizer that loops',
      'class A:\n  def __del__(self):\n    while True: pass\nA()\nwhile True: pass',
    ],
  ])('%s', async (_name, source) => {
    expect(await runAlone(source, { timeout: 300 })).toMatchObject({
      kind: 'ERR_TIMEOUT',
      usable: true,
      abandoned: null,
    });
  });
});

describe('not interruptible: told of, then given up', () => {
  test.each([
    ['a sum', 'sum(range(10**12))'],
    ['a backtracking expression', 'import re; re.match(r"(a+)+$", "a" * 60 + "b")'],
    ['a power', 'x = 10 ** (10 ** 8)'],
    ['a lock that is held', 'import threading\nl = threading.Lock(); l.acquire(); l.acquire()'],
    [
      'a recursive lock',
      'import threading\nl = threading.RLock()\nthreading.Thread(target=l.acquire).start()\nl.acquire()',
    ],
    ['SimpleQueue.get', 'import queue; queue.SimpleQueue().get()'],
    ['select', 'import select; select.select([], [], [])'],
    ['poll', 'import select; select.poll().poll()'],
    ['receiving from a socket', 'import socket; a, b = socket.socketpair(); a.recv(1)'],
    ['accepting', 'import socket; socket.create_server(("127.0.0.1", 0)).accept()'],
    ['reading a pipe', 'import os; os.read(os.pipe()[0], 1)'],
    ['os.waitpid', 'import subprocess, os; os.waitpid(subprocess.Popen(["sleep", "5"]).pid, 0)'],
    [
      'code that catches everything',
      'while True:\n  try:\n    while True: pass\n  except BaseException: pass',
    ],
  ])('%s', async (_name, source) => {
    const py = await Interpreter.create();
    const outcome = await outcomeOf(py.exec(source, { timeout: 50 }));
    expect(outcome.kind).toBe('ERR_TIMEOUT');
    // Newer versions of CPython can interrupt some of these.
    if (outcome.message.includes('still runs')) {
      expect(outcomeOfSync(() => py.evaluateSync('1')).kind).toBe('ERR_INTERPRETER_BUSY');
      expect((await py.close({ timeout: 50 })).abandoned).toContain('did not stop');
    } else {
      expect(await py.evaluate('1 + 1', { timeout: 5000 })).toBe(2);
      expect((await py.close({ timeout: 5000 })).abandoned).toBeNull();
    }
  });

  test('an aborted signal rejects all the same', async () => {
    const py = await Interpreter.create();
    const signal = AbortSignal.timeout(50);
    await expect(py.exec('sum(range(10**12))', { signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    await py.close({ timeout: 0 });
  });

  test('so does a coroutine whose step does not end', async () => {
    const py = await Interpreter.create();
    await py.exec('async def f(n): sum(range(n))');
    await py.call('f', [1]);
    expect((await outcomeOf(py.call('f', [10 ** 12], { timeout: 100 }))).kind).toBe('ERR_TIMEOUT');
    expect((await py.close({ timeout: 0 })).abandoned).toContain('did not stop');
  });
});

test('interrupting again and again hurts nothing', async () => {
  const py = await Interpreter.create();
  for (let turn = 0; turn < 50; turn += 1) {
    const running = outcomeOf(py.exec('while True: pass'));
    await new Promise((resolve) => setTimeout(resolve, turn % 5));
    py.interrupt();
    py.interrupt();
    const { kind } = await Promise.race([running, retry(py, running)]);
    expect(kind).toBe('ERR_INTERRUPTED');
    expect(await py.evaluate('1 + 1')).toBe(2);
  }
  expect(await py.close()).toEqual({ abandoned: null });
});

/** An interrupt before the job has begun finds nothing to stop: try until it has. */
async function retry<T>(py: Interpreter, running: Promise<T>): Promise<T> {
  const timer = setInterval(() => py.interrupt(), 20);
  return running.finally(() => clearInterval(timer));
}

test('a job that is stopped with the import lock in its hands gives it back', async () => {
  await using py = await Interpreter.create();
  const source = 'import _imp\n_imp.acquire_lock()\n_imp.acquire_lock()\nwhile True: pass';
  await expect(py.exec(source, { timeout: 50 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
  expect(await py.evaluate('__import__("_imp").lock_held()')).toBe(false);
  // On another thread, which would wait for the lock for ever.
  py.execSync('import colorsys');
});
