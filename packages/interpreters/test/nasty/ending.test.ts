// How an interpreter ends that Python code does not want to end: always, in bounded time, never with
// the process.

import { Interpreter } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';
import { outcomeOf, runAlone } from './outcome.js';

describe('SystemExit is an error like any other', () => {
  test.each([
    ['sys.exit(3)', 'import sys; sys.exit(3)', '3'],
    ['exit()', 'exit(2)', '2'],
    ['raise SystemExit', 'raise SystemExit("bye")', 'bye'],
  ])('%s', async (_name, source, message) => {
    const outcome = await runAlone(source);
    expect(outcome).toMatchObject({ kind: 'SystemExit', usable: true, abandoned: null });
    expect(outcome.message).toContain(message);
  });

  test.each(['KeyboardInterrupt', 'GeneratorExit'])('%s too', async (name) => {
    expect(await runAlone(`raise ${name}`)).toMatchObject({ kind: name, usable: true });
  });
});

async function closeAfter(source: string, timeout: number) {
  let printed = '';
  const keep = (text: string): void => {
    printed += text;
  };
  const py = await Interpreter.create({ stdout: keep, stderr: keep });
  await py.exec(source);
  const report = await py.close({ timeout });
  return { ...report, printed };
}

describe('threads', () => {
  const thread = (body: string): string =>
    `import threading, time\ndef f():\n${body}\nthreading.Thread(target=f).start()`;

  test('that end by themselves are joined', async () => {
    const end = await closeAfter(thread('  time.sleep(0.1)\n  print("ended")'), 10_000);
    expect(end).toEqual({ abandoned: null, printed: 'ended\n' });
  });

  test('that compute for ever are stopped', async () => {
    const end = await closeAfter(thread('  while True: pass'), 100);
    expect(end.abandoned).toBeNull();
    expect(end.printed).toContain('KeyboardInterrupt');
  });

  test('that sleep for ever are woken', async () => {
    expect((await closeAfter(thread('  time.sleep(10**6)'), 100)).abandoned).toBeNull();
  });

  test('that wait for ever are woken', async () => {
    expect((await closeAfter(thread('  threading.Event().wait()'), 100)).abandoned).toBeNull();
  });

  test('that refuse to end are reported, and the process lives on', async () => {
    const stubborn =
      '  while True:\n    try:\n      while True: pass\n    except BaseException: pass';
    expect((await closeAfter(thread(stubborn), 100)).abandoned).toMatch(/thread/);
  });

  test('of an executor end with it', async () => {
    const source =
      'import concurrent.futures as f\npool = f.ThreadPoolExecutor()\nassert pool.submit(pow, 2, 3).result() == 8';
    expect(await closeAfter(source, 5000)).toEqual({ abandoned: null, printed: '' });
  });

  test('that raise say so on stderr', async () => {
    const { printed } = await closeAfter(thread('  1/0'), 5000);
    expect(printed).toContain('ZeroDivisionError');
  });

  // Close would wait for other threads as long as it may: longer than this test.
  test.each([
    ['sleep', '  while True: time.sleep(0.01)'],
    ['wait', '  threading.Event().wait()'],
  ])('daemon threads that %s are not waited for but stopped, without a word', async (_, body) => {
    const daemon = thread(body).replace('target=f)', 'target=f, daemon=True)');
    expect(await closeAfter(daemon, 600_000)).toEqual({ abandoned: null, printed: '' });
  });

  test('threads are daemons only if their creator is', async () => {
    const source = 'import threading; assert not threading.Thread(target=print).daemon';
    expect(await runAlone(source)).toMatchObject({ kind: 'ok', abandoned: null });
  });

  test.each(['threading.Thread(target=print).start()', 'threading.Timer(0, print).start()'])(
    'in serial mode none starts: %s',
    async (source) => {
      const outcome = await runAlone(`import threading\n${source}`, { serial: true });
      expect(outcome).toMatchObject({ kind: 'RuntimeError', usable: true, abandoned: null });
      expect(outcome.message).toContain('serial');
    },
  );
});

describe('exit handlers and finalizers', () => {
  test('run at close, in reverse order, also after one that raises', async () => {
    const source =
      'import atexit\nfor n in (1, 2): atexit.register(print, n)\natexit.register(lambda: 1/0)\natexit.register(exit, 3)';
    const { abandoned, printed } = await closeAfter(source, 5000);
    expect(abandoned).toBeNull();
    expect(printed).toMatch(/^Exception[\s\S]*ZeroDivisionError[\s\S]*\n2\n1\n$/);
  });

  test.each([
    ['a handler that loops', 'import atexit\n@atexit.register\ndef f():\n  while True: pass'],
    ['a handler that sleeps', 'import atexit, time\natexit.register(time.sleep, 10**6)'],
    ['a finalizer that loops', 'class A:\n  def __del__(self):\n    while True: pass\na = A()'],
    ['a finalizer that raises', 'class A:\n  def __del__(self): 1/0\na = A()'],
    [
      'a finalizer that starts a thread',
      'import json, threading\nclass A:\n  def __del__(self, T=threading.Thread): T(target=print).start()\na = A(); json.x = A()',
    ],
    [
      'a finalizer that registers a handler that starts a thread',
      'import atexit, json, threading, time\nclass A:\n  def __del__(self, r=atexit.register, T=threading.Thread, s=time.sleep): r(lambda: T(target=lambda: s(0.1)).start())\na = A(); json.x = A()',
    ],
    [
      'a handler that registers itself',
      'import atexit\ndef f(): atexit.register(f)\natexit.register(f)',
    ],
  ])('%s', async (_name, source) => {
    expect((await closeAfter(source, 100)).abandoned).toBeNull();
  });

  test('close without a timeout is bounded too', { timeout: 60_000 }, async () => {
    const py = await Interpreter.create({ stderr: 'ignore' });
    await py.exec('import atexit, time\natexit.register(time.sleep, 10**6)');
    expect(await py.close()).toEqual({ abandoned: null });
  });
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve() };
}

const STUBBORN = 'while True:\n  try:\n    while True: pass\n  except BaseException: pass';

test('every promise settles when the interpreter is given up', async () => {
  const py = await Interpreter.create();
  // A job that has not begun would only be refused.
  const { promise: begun, resolve } = withResolvers();
  const running = outcomeOf(py.exec(`begun()\n${STUBBORN}`, { bind: { begun: resolve } }));
  const waiting = outcomeOf(py.exec('pass'));
  await begun;
  const { abandoned } = await py.close({ timeout: 50 });
  expect(abandoned).toContain('did not stop');
  expect((await running).kind).toMatch(/ERR_INTERPRETER_(ABANDONED|CLOSED)/);
  expect((await waiting).kind).toBe('ERR_INTERPRETER_CLOSED');
  expect((await outcomeOf(py.exec('pass'))).kind).toBe('ERR_INTERPRETER_ABANDONED');
  expect(py.state).toBe('closed');
});

test('views of memory of ours in a cycle with everything else: cleared after what they belong to', async () => {
  const { kind, usable, abandoned } = await runAlone(
    'import gc, sys; gc.disable()\n' +
      'from multicore import channels\n' +
      'class Knot: pass\n' +
      'for _ in range(50):\n' +
      '    knot = Knot(); knot.self = knot; knot.modules = dict(sys.modules)\n' +
      '    knot.view = memoryview(channels.shared_buffer(64)); knot.kind = type(knot.view.obj)',
  );
  expect({ kind, usable, abandoned }).toEqual({ kind: 'ok', usable: true, abandoned: null });
});

// `Py_EndInterpreter` calls all of these, and aborts the process if there is a second thread after it.
test.each([
  ['an exit handler', 'atexit.register(start)'],
  ['an exit handler that registers another', 'atexit.register(atexit.register, start)'],
  ["one of threading's own", 'threading._register_atexit(start)'],
  ["threading's end, replaced", 'threading._shutdown = start'],
])('a finalizer that leaves %s, which starts a thread', async (_name, leave) => {
  const { kind, usable, abandoned } = await runAlone(
    'def start():\n' +
      '    import threading, time\n' +
      '    threading.Thread(target=time.sleep, args=(1,)).start()\n' +
      'class Late:\n' +
      '    def __del__(self, start=start):\n' +
      '        import atexit, threading\n' +
      `        ${leave}\n` +
      'import sys; late = Late(); sys.late = Late()',
  );
  expect({ kind, usable, abandoned }).toEqual({ kind: 'ok', usable: true, abandoned: null });
});

test('finalizers that register exit handlers for ever are stopped at the timeout of the close', async () => {
  const py = await Interpreter.create();
  await py.exec(
    'import atexit\n' +
      'class Again:\n' +
      '    def __call__(self): pass\n' +
      '    def __del__(self, register=atexit.register): register(type(self)())\n' +
      'atexit.register(Again())',
  );
  await py.close({ timeout: 500 });
  expect(py.state).toBe('closed');
});
