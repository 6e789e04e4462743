// What belongs to Node is refused, in a sentence that says what to do; nothing of it ends the process.

import { Interpreter } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { outcomeOf, runAlone } from './outcome.js';

const onWindows = process.platform === 'win32';

const REFUSED: readonly (readonly [name: string, source: string, kind: string, says: RegExp])[] = [
  ['os.fork', 'import os; os.fork()', 'RuntimeError', /Use subprocess/],
  ['os.forkpty', 'import os; os.forkpty()', 'RuntimeError', /Use subprocess/],
  ['os.execv', 'import os; os.execv("/bin/true", ["true"])', 'RuntimeError', /Use subprocess/],
  ['os.execvp', 'import os; os.execvp("true", ["true"])', 'RuntimeError', /Use subprocess/],
  [
    'multiprocessing by fork',
    'import multiprocessing as m; m.get_context("fork").Process().start()',
    'RuntimeError',
    /Use subprocess/,
  ],
  [
    'signal.signal',
    'import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)',
    'ValueError',
    /belong to Node/,
  ],
  [
    'sys.activate_stack_trampoline',
    'import sys; sys.activate_stack_trampoline("perf")',
    'RuntimeError',
    /own python/,
  ],
  ['signal.alarm', 'import signal; signal.alarm(1)', 'ValueError', /belong to Node/],
  [
    'signal.setitimer',
    'import signal; signal.setitimer(signal.ITIMER_REAL, 0.01)',
    'ValueError',
    /belong to Node/,
  ],
  [
    '_signal.signal',
    'import _signal; _signal.signal(2, _signal.SIG_DFL)',
    'ValueError',
    /belong to Node/,
  ],
];

const both = [
  ['its own interpreter', () => Interpreter.create()],
  ['the main interpreter', () => Interpreter.main()],
] as const;

describe.each(both)('refused in %s', (_, create) => {
  test.each(REFUSED)('%s', async (_name, source, kind, says) => {
    const py = await create();
    const outcome = await outcomeOf(py.exec(source));
    expect(outcome.kind).toBe(kind);
    expect(outcome.message).toMatch(says);
    expect(await py.evaluate('1 + 1')).toBe(2);
    if (py.id !== 0) expect(await py.close()).toEqual({ abandoned: null });
  });

  test('input() and sys.stdin find the end: what is typed is for Node', async () => {
    const py = await create();
    expect((await outcomeOf(py.exec('input()'))).kind).toBe('EOFError');
    expect(await py.evaluate('__import__("sys").stdin.read()')).toBe('');
    if (py.id !== 0) await py.close();
  });

  test('sys._current_frames knows the calling thread alone', async () => {
    const py = await create();
    await py.exec('import sys, _thread');
    expect(await py.evaluate('list(sys._current_frames()) == [_thread.get_ident()]')).toBe(true);
    expect(await py.evaluate('list(sys._current_exceptions().values())')).toEqual([null]);
    if (py.id !== 0) await py.close();
  });
});

describe('environment variables', () => {
  const program = `
    import os, subprocess
    def child():
        return subprocess.run(["printenv", "MULTICORE_TEST"], capture_output=True).stdout.decode()
    def spawned():
        reader, writer = os.pipe()
        os.posix_spawn("/bin/sh", ["sh", "-c", "printenv MULTICORE_TEST"], None, file_actions=[(os.POSIX_SPAWN_DUP2, writer, 1)])
        os.close(writer)
        with open(reader) as file:
            return file.read()
  `.replaceAll('\n    ', '\n');

  test.skipIf(onWindows)('are those of the process, for JavaScript and children', async () => {
    await using py = await Interpreter.create();
    await using other = await Interpreter.create();
    for (const each of [py, other]) await each.exec(program);
    for (const value of ['one', 'ü two=2', 'one']) {
      await py.exec('os.environ["MULTICORE_TEST"] = value', { bind: { value } });
      expect(process.env['MULTICORE_TEST']).toBe(value);
      expect(await py.evaluate('child()')).toBe(`${value}\n`);
      expect(await other.evaluate('spawned()')).toBe(`${value}\n`);
    }
    // What JavaScript writes and Python writes are in each other's way nowhere.
    process.env['MULTICORE_TEST_TOO'] = 'js';
    process.env['MULTICORE_TEST'] = 'changed';
    expect(await other.evaluate('spawned()')).toBe('changed\n');
    await py.exec('os.unsetenv("MULTICORE_TEST"); os.unsetenv("MULTICORE_NEVER_SET")');
    expect(process.env['MULTICORE_TEST']).toBeUndefined();
    expect(process.env['MULTICORE_TEST_TOO']).toBe('js');
    expect(await other.evaluate('spawned()')).toBe('');
    delete process.env['MULTICORE_TEST_TOO'];
  });

  test.skipIf(onWindows)('are a new interpreter’s os.environ', async () => {
    await using py = await Interpreter.create();
    await py.exec(`
import os
for number in range(300):
    os.environ[f"MULTICORE_TEST_{number}"] = str(number)
for number in range(1, 300):
    del os.environ[f"MULTICORE_TEST_{number}"]
`);
    await using later = await Interpreter.create();
    const found =
      '[n for n in __import__("os").environ.items() if n[0].startswith("MULTICORE_TEST")]';
    expect(await later.evaluate(found)).toEqual([['MULTICORE_TEST_0', '0']]);
    await py.exec('del os.environ["MULTICORE_TEST_0"]');
  });

  test.skipIf(onWindows).each([
    ['os.putenv("a=b", "c")', 'ValueError'],
    ['os.putenv("", "c")', 'OSError'],
    ['os.putenv("a", "b\\0")', 'ValueError'],
    ['os.putenv(1, "b")', 'TypeError'],
    ['os.unsetenv("a=b")', 'OSError'],
    ['os.unsetenv("")', 'OSError'],
  ])('%s raises what it raises in CPython', async (source, kind) => {
    await using py = await Interpreter.create();
    expect((await outcomeOf(py.exec(`import os; ${source}`))).kind).toBe(kind);
  });
});

test('sys.getallocatedblocks does not walk through the memory of others', async () => {
  await using py = await Interpreter.create();
  expect(await py.evaluate('__import__("sys").getallocatedblocks()')).toBe(0);
});

// Each answers in static memory of the C library: wrong answers, then a crash.
test.skipIf(onWindows)('what C answers in one place is asked by one at a time', async () => {
  const program = `
import grp, locale, pwd, socket
def ask(function, argument):
    try:
        return function(argument)
    except OSError as error:  # A system without such a list.
        return repr(error)
def answers():
    locale.setlocale(locale.LC_ALL, "C")
    services = ask(socket.getservbyname, "http"), ask(socket.getservbyport, 22)
    protocols = [ask(socket.getprotobyname, name) for name in ("udp", "tcp")]
    return repr((services, protocols, pwd.getpwall(), grp.getgrall(), locale.setlocale(locale.LC_ALL)))
def wrong(expected):
    return {got for _ in range(300) if (got := answers()) != expected}
`;
  const all = await Promise.all([0, 1, 2, 3].map(() => Interpreter.create()));
  await Promise.all(all.map((py) => py.exec(program)));
  const expected = await all[0]?.call<string>('__main__:answers');
  expect(expected).toContain('root');
  const wrong = await Promise.all(all.map((py) => py.call('__main__:wrong', [expected])));
  expect(wrong).toEqual([new Set(), new Set(), new Set(), new Set()]);
  await Promise.all(all.map((py) => py.close()));
});

test('signal.signal leaves the handlers of Node alone', async () => {
  let seen = 0;
  const handler = (): void => {
    seen += 1;
  };
  process.on('SIGUSR2', handler);
  const main = await Interpreter.main();
  await outcomeOf(main.exec('import signal; signal.signal(signal.SIGUSR2, signal.SIG_IGN)'));
  process.kill(process.pid, 'SIGUSR2');
  await expect.poll(() => seen).toBe(1);
  process.off('SIGUSR2', handler);
});

describe('what hooks the whole process', () => {
  test.each(['faulthandler', '_tracemalloc'])('%s is refused for its isolation', async (name) => {
    expect(await runAlone(`import ${name}`)).toMatchObject({ kind: 'ERR_ISOLATION', usable: true });
  });

  test('and in main by name', async () => {
    const main = await Interpreter.main();
    const enable = await outcomeOf(main.exec('import faulthandler; faulthandler.enable()'));
    expect(enable).toMatchObject({ kind: 'RuntimeError' });
    expect(enable.message).toContain('belong to Node');
    const start = await outcomeOf(main.exec('import tracemalloc; tracemalloc.start()'));
    expect(start.message).toContain('allocators of the whole process');
  });
});

test.each([
  [
    'sys.settrace and setprofile',
    'import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)\n(lambda: 1)()',
  ],
  [
    'a trace function that raises',
    'import sys\ndef t(*a): raise ValueError\nsys.settrace(t)\ntry:\n  (lambda: 1)()\nexcept ValueError: pass',
  ],
  ['gc.disable and freeze', 'import gc; gc.disable(); gc.freeze()'],
  ['gc callbacks that raise', 'import gc\ngc.callbacks.append(lambda *a: 1/0)\ngc.collect()'],
  ['sys.modules cleared', 'import sys; sys.modules.clear()'],
  ['__main__ deleted', 'import sys; del sys.modules["__main__"]'],
  ['sys.path destroyed', 'import sys; sys.path = None; sys.meta_path = None'],
  [
    'builtins deleted',
    'import builtins as b\nfor n in ("print", "len", "str", "Exception", "isinstance"): delattr(b, n)',
  ],
  ['stdout closed', 'import sys; sys.stdout.close(); print("x"); sys.stdout = None; print("y")'],
  [
    'streams that fail',
    'import sys\nclass S:\n  def write(self, s): raise OSError\n  flush = write\nsys.stderr = S()\nclass D:\n  def __del__(self): 1/0\nD()',
  ],
  ['os.system', 'import os; os.system("true")'],
  [
    'subprocess',
    'import subprocess, sys; assert subprocess.run([sys.executable, "-c", "print(42)"], capture_output=True, text=True).stdout == "42\\n"',
  ],
  ['os.posix_spawn', 'import os; os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)'],
])('%s changes nothing for others', async (_name, source) => {
  expect(await runAlone(source)).toMatchObject({ kind: 'ok', usable: true, abandoned: null });
});
