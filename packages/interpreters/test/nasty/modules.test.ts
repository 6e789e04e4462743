// Modules that are known to be difficult inside a process that is not Python's.

import { execFileSync } from 'node:child_process';
import { Interpreter } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { outcomeOf, outcomeOfSync, runAlone } from './outcome.js';

describe('multiprocessing', () => {
  const context = 'import multiprocessing, sys\nc = multiprocessing.get_context("spawn")\n';

  test('a spawned process works', async () => {
    const source = `${context}p = c.Process(target=print, args=(1,)); p.start(); p.join(); assert p.exitcode == 0`;
    expect(await runAlone(source)).toMatchObject({ kind: 'ok', abandoned: null });
  });

  test('sys.executable is a python of this version', async () => {
    const main = await Interpreter.main();
    await main.exec('import sys');
    const executable = await main.evaluate<string>('sys.executable');
    const version = await main.evaluate<string>('sys.version');
    const script = 'import sys; print(sys.version)';
    expect(execFileSync(executable, ['-c', script]).toString().trim()).toBe(version);
  });

  test.each([
    ['Pool', 'with c.Pool(1) as p: assert p.map(abs, [-1]) == [1]'],
    ['Queue', 'q = c.Queue(); q.put(1); assert q.get() == 1'],
    [
      'ProcessPoolExecutor',
      'from concurrent.futures import ProcessPoolExecutor as E\nwith E(1) as e: assert e.submit(abs, -1).result() == 1',
    ],
  ])('%s works', async (_name, source) => {
    expect(await runAlone(context + source)).toMatchObject({ kind: 'ok', abandoned: null });
  });

  test('a function of __main__ is refused with the reason', async () => {
    const source = 'def f(): pass\nc.Process(target=f).start()';
    const outcome = await runAlone(context + source);
    expect(outcome).toMatchObject({ usable: true, abandoned: null });
    expect(outcome.kind).toContain('PicklingError');
    expect(outcome.message).toContain("cannot find 'f'");
  });
});

describe('isolation', () => {
  // Part of CPython's own tests: single-phase, so no interpreter with a GIL of its own loads it.
  test('a module that refuses is named, with what to do', async () => {
    const outcome = await runAlone('import _testsinglephase');
    if (outcome.kind === 'ModuleNotFoundError') return;
    expect(outcome).toMatchObject({ kind: 'ERR_ISOLATION', usable: true, abandoned: null });
    expect(outcome.message).toMatch(/_testsinglephase.*shared-gil.*Interpreter\.main\(\)/s);
    const shared = await runAlone('import _testsinglephase', { isolation: 'shared-gil' });
    expect(shared).toMatchObject({ kind: 'ok', abandoned: null });
  });

  // CPython's example of a module with static types, which says that it supports it.
  test('a module that says that it supports a GIL each, and does not, is refused', async () => {
    const outcome = await runAlone('import xxsubtype');
    if (outcome.kind === 'ModuleNotFoundError') return;
    expect(outcome).toMatchObject({ kind: 'ERR_ISOLATION', usable: true, abandoned: null });
    const source = 'import xxsubtype\nclass A(xxsubtype.spamlist): pass\nassert A([1]) == [1]';
    const shared = await runAlone(source, { isolation: 'shared-gil' });
    expect(shared).toMatchObject({ kind: 'ok', abandoned: null });
  });
});

describe('what is bound to a thread', () => {
  test('an sqlite3 connection refuses the other thread, and says so', async () => {
    await using py = await Interpreter.create();
    await py.exec('import sqlite3\nc = sqlite3.connect(":memory:")');
    const refused = outcomeOfSync(() => py.evaluateSync('c.execute("select 1").fetchall()'));
    expect(refused.kind).toBe('sqlite3.ProgrammingError');
    expect(await py.evaluate('c.execute("select 1").fetchall()')).toEqual([[1]]);
    await py.exec('d = sqlite3.connect(":memory:", check_same_thread=False)');
    expect(py.evaluateSync('d.execute("select 2").fetchall()')).toEqual([[2]]);
  });

  test('context variables and the decimal context are per thread', async () => {
    await using py = await Interpreter.create();
    await py.exec(
      'import contextvars, decimal\nv = contextvars.ContextVar("v", default=0); v.set(5); decimal.getcontext().prec = 3',
    );
    expect(await py.evaluate('(v.get(), decimal.getcontext().prec)')).toEqual([5, 3]);
    expect(py.evaluateSync('(v.get(), decimal.getcontext().prec)')).toEqual([0, 28]);
  });
});

test.each([
  ['asyncio.run, twice', 'import asyncio\nfor _ in range(2): asyncio.run(asyncio.sleep(0))'],
  [
    'an asyncio subprocess',
    'import asyncio, sys\nasync def f():\n  p = await asyncio.create_subprocess_exec(sys.executable, "-c", "pass")\n  assert await p.wait() == 0\nasyncio.run(f())',
  ],
  ['asyncio.to_thread', 'import asyncio\nassert asyncio.run(asyncio.to_thread(pow, 2, 3)) == 8'],
  [
    'ctypes callbacks',
    'import ctypes\nC = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))\na = (ctypes.c_int * 3)(3, 1, 2)\nctypes.CDLL(None).qsort(a, 3, 4, C(lambda x, y: x[0] - y[0]))\nassert list(a) == [1, 2, 3]\ndef bad(*_): raise ValueError\nctypes.CDLL(None).qsort(a, 3, 4, C(bad))',
  ],
  [
    'a socket server with threads',
    'import socketserver, threading, socket\ns = socketserver.ThreadingTCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)\nt = threading.Thread(target=s.serve_forever); t.start()\nsocket.create_connection(s.server_address).close()\ns.shutdown(); t.join(); s.server_close()',
  ],
  [
    'mmap, select, tempfile',
    'import mmap, select, tempfile\nm = mmap.mmap(-1, 4096); m[0] = 1; m.close()\nwith tempfile.TemporaryFile() as f: f.write(b"x")',
  ],
  [
    'weakrefs and gc',
    'import gc, weakref\nclass A: pass\na = A(); a.a = a; r = weakref.ref(a); del a; gc.collect(); assert r() is None',
  ],
])('%s', async (_name, source) => {
  expect(await runAlone(source)).toMatchObject({ kind: 'ok', usable: true, abandoned: null });
});

test('eight interpreters import the same modules at once', async () => {
  const interpreters = await Promise.all(Array.from({ length: 8 }, () => Interpreter.create()));
  const modules =
    'import json, datetime, decimal, sqlite3, ctypes, ssl, hashlib, zlib, asyncio, csv, array';
  const outcomes = await Promise.all(interpreters.map((py) => outcomeOf(py.exec(modules))));
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array(8).fill('ok'));
  const reports = await Promise.all(interpreters.map((py) => py.close()));
  expect(reports).toEqual(Array(8).fill({ abandoned: null }));
});
