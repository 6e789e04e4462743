// What an exception that comes from outside leaves half-done in CPython's own Python code: locks of the import
// system, the mark of a running event loop. The next job, on whichever thread, must not find it.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outcomeOf } from './outcome.js';

// Each source is what is left when the exception comes at the worst moment; each probe hung or failed after it.
const IMPORT_LOCK = 'import _imp; _imp.acquire_lock(); _imp.acquire_lock()';
const MODULE_LOCK = `
import _frozen_importlib as importlib
kept = importlib._get_module_lock('colorsys')
kept.acquire()`;
const HALF_TAKEN = `
import _frozen_importlib as importlib, _thread
kept = importlib._get_module_lock('colorsys')
kept.owner = _thread.get_ident()`;
const RUNNING_LOOP = `
import asyncio
kept = asyncio.new_event_loop()
kept._run_forever_setup()`;
const RUN = 'import asyncio\nasync def f(): pass\nasyncio.run(f())';

describe('after a job that failed', () => {
  test.each([
    ['the import lock', IMPORT_LOCK, 'import colorsys'],
    ['the lock of a module', MODULE_LOCK, 'import colorsys'],
    ['the lock of a module, half taken', HALF_TAKEN, 'import colorsys'],
    ['a running loop', RUNNING_LOOP, RUN],
  ])('%s is free, on this thread and on its own', async (_what, source, probe) => {
    await using py = await Interpreter.create();
    // As other Python code can, by way of ctypes.
    expect((await outcomeOf(py.exec(`${source}\nraise KeyboardInterrupt`))).kind).toBe(
      'KeyboardInterrupt',
    );
    py.execSync(probe);
    expect(() => py.execSync(`${source}\nraise KeyboardInterrupt`)).toThrow('KeyboardInterrupt');
    await py.exec(`import sys; sys.modules.pop("colorsys", None)\n${probe}`);
  });
});

describe('after a job that was stopped', () => {
  test.each([
    ['the import lock', IMPORT_LOCK, 'import colorsys'],
    ['the lock of a module', MODULE_LOCK, 'import colorsys'],
    ['a running loop', RUNNING_LOOP, RUN],
  ])('%s is free', async (_what, source, probe) => {
    await using py = await Interpreter.create();
    const stopped = py.exec(`${source}\nwhile True: pass`, { timeout: 20 });
    expect((await outcomeOf(stopped)).kind).toBe('ERR_TIMEOUT');
    py.execSync(probe);
    // Swallowed by the code itself.
    const swallowed = `${source}\ntry:\n  while True: pass\nexcept KeyboardInterrupt: pass`;
    await outcomeOf(py.exec(swallowed, { timeout: 20 }));
    py.execSync(`import sys; sys.modules.pop("colorsys", None)\n${probe}`);
  });
});

test('a thread of Python code that ends holding the import lock gives it back', async () => {
  await using py = await Interpreter.create();
  await py.exec(
    'import threading, _imp\nt = threading.Thread(target=_imp.acquire_lock); t.start(); t.join()',
  );
  py.execSync('import colorsys');
  await py.exec(
    'import _thread, time\n_thread.start_new_thread(_imp.acquire_lock, ())\ntime.sleep(0.05)',
  );
  py.execSync('import cmd');
});

describe('imports that are stopped in the middle', () => {
  let folder: string;
  const COUNT = 60;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'multicore-halfway-'));
    const body = Array.from({ length: 20 }, (_, n) => `def f${n}(x): return x + ${n}\n`).join('');
    for (let at = 0; at < COUNT; at += 1) {
      const next = at % 10 === 9 ? '' : `import halfway_${at + 1}\n`;
      await writeFile(join(folder, `halfway_${at}.py`), `${next}${body}whole = ${at}\n`);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  const IMPORT_ALL = `
import sys, importlib
for at in range(${COUNT}): assert importlib.import_module(f'halfway_{at}').whole == at`;
  const FORGET = `
import sys
for name in [name for name in sys.modules if name.startswith('halfway_')]: del sys.modules[name]`;

  test.each([{ serial: true }, { serial: false }])('leave nothing behind: %o', async (options) => {
    await using py = await Interpreter.create({ ...options, path: [folder] });
    for (let round = 0; round < 40; round += 1) {
      const { kind } = await outcomeOf(py.exec(IMPORT_ALL, { timeout: 1 + (round % 8) }));
      expect(['ok', 'ERR_TIMEOUT']).toContain(kind);
      // Each module is whole or imported anew, on another thread.
      py.execSync(IMPORT_ALL);
      py.execSync(FORGET);
    }
  });

  test('also in threads, when their interpreter closes', async () => {
    for (let round = 0; round < 5; round += 1) {
      const py = await Interpreter.create({ path: [folder], stderr: 'ignore' });
      await py.exec(`
import threading, atexit
def forever():
    while True:
        exec(${JSON.stringify(IMPORT_ALL + FORGET)}, {})
threading.Thread(target=forever, daemon=True).start()
def at_exit(): import colorsys, halfway_1
atexit.register(at_exit)`);
      expect(await py.close({ timeout: 10_000 })).toEqual({ abandoned: null });
    }
  });
});

describe('what the standard library keeps for all is usable after stops', () => {
  // What runs without end and is stopped; then each runs once on this thread, where a lock that was left
  // taken by the interpreter's own would keep it for ever.
  test.each([
    [
      'logging',
      'import logging, io\nlog = logging.getLogger("halfway")\nlog.addHandler(logging.StreamHandler(io.StringIO()))',
      'log.warning("%s", 1); logging.getLogger("halfway.child").warning("x")',
    ],
    ['warnings', 'import warnings', 'warnings.warn("x", stacklevel=1)'],
    ['print', '', 'print("x"); print("y", end="")'],
    [
      'a buffered file',
      'import tempfile\nfile = tempfile.TemporaryFile("w")',
      'file.write("x" * 5000); file.flush(); file.seek(0)',
    ],
    ['re', 'import re\nn = 0', 'n += 1; re.compile(f"a{n}").match("a"); re.purge()'],
    ['asyncio', 'import asyncio', 'asyncio.run(asyncio.sleep(0))'],
    [
      'contexts',
      'import contextvars, decimal\nv = contextvars.ContextVar("v")',
      'contextvars.copy_context().run(v.set, 1)\nwith decimal.localcontext(): decimal.Decimal(1) / 3',
    ],
    [
      'threads',
      'import threading',
      't = threading.Thread(target=len, args=("x",)); t.start(); t.join()',
    ],
    [
      'executors',
      'from concurrent.futures import ThreadPoolExecutor',
      'with ThreadPoolExecutor(1) as pool: pool.submit(len, "x").result()',
    ],
    [
      'random and hashes',
      'import random, hashlib',
      'random.random(); hashlib.sha256(b"x").digest()',
    ],
    ['lru_cache', 'import functools\nf = functools.lru_cache(8)(abs)\nn = 0', 'n += 1; f(n)'],
    ['subprocess', 'import subprocess, sys', 'subprocess.run(["true"], check=True)'],
  ])('%s', async (_what, setUp, step) => {
    await using py = await Interpreter.create({ stdout: 'ignore', stderr: 'ignore' });
    await py.exec(setUp);
    const loop = `while True:\n${step.replace(/^/gm, '  ')}`;
    for (let round = 0; round < 12; round += 1) {
      const { kind } = await outcomeOf(py.exec(loop, { timeout: 3 + (round % 5) }));
      expect(kind).toBe('ERR_TIMEOUT');
      py.execSync(step);
    }
  });
});
