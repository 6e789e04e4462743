// C recursion that CPython does not count overflows the stack of the interpreter's thread: that costs the
// interpreter, not the process.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Interpreter, InterpreterPool } from '../../src/index.js';

const onWindows = process.platform === 'win32';

test.skipIf(onWindows).each([
  ['hash of a tuple', 'x = ()\nfor _ in range(3_000_000): x = (x,)\nhash(x)'],
  ['iterating over maps', 'x = iter([1])\nfor _ in range(1_000_000): x = map(abs, x)\nnext(x)'],
])('%s nested very deep', async (_what, source) => {
  const py = await Interpreter.create();
  await using other = await Interpreter.create();
  const outcomes = await Promise.allSettled([
    py.exec(source),
    py.evaluate('1 + 1'),
    other.evaluate('2 + 2'),
  ]);
  const abandoned = { status: 'rejected', reason: { code: 'ERR_INTERPRETER_ABANDONED' } };
  expect(outcomes).toMatchObject([abandoned, abandoned, { status: 'fulfilled', value: 4 }]);
  expect(py.state).toBe('closed');
  expect((await py.close()).abandoned).toContain('C stack overflowed');
  await expect(py.evaluate('1')).rejects.toMatchObject({ code: 'ERR_INTERPRETER_ABANDONED' });
  expect(Interpreter.list()).not.toContain(py);
});

test.skipIf(onWindows)('a pool goes on with another interpreter', async () => {
  await using pool = new InterpreterPool({ size: 1 });
  const deep = 'x = ()\nfor _ in range(3_000_000): x = (x,)\nhash(x)';
  await expect(pool.run('builtins:exec', [deep])).rejects.toMatchObject({
    code: 'ERR_INTERPRETER_ABANDONED',
  });
  expect(await pool.run('builtins:len', [[1, 2]])).toBe(2);
});

test.skipIf(onWindows)('on a thread that Python code started', async () => {
  const py = await Interpreter.create();
  await using other = await Interpreter.create();
  const deep = 'x = ()\nfor _ in range(3_000_000): x = (x,)\nhash(x)';
  const source = `import threading\nt = threading.Thread(target=exec, args=(${JSON.stringify(deep)}, {})); t.start(); t.join()`;
  await expect(py.exec(source)).rejects.toMatchObject({ code: 'ERR_INTERPRETER_ABANDONED' });
  expect(await other.evaluate('2 + 2')).toBe(4);
  expect((await py.close()).abandoned).toContain('C stack overflowed');
  expect(() => py.evaluateSync('1')).toThrow(
    expect.objectContaining({ code: 'ERR_INTERPRETER_ABANDONED' }),
  );
});

// Programs import what `npm run build` made: a child process knows nothing of vitest.
const entry = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

test.skipIf(onWindows).each([
  ['a synchronous call', 'await Interpreter.create()', 'py.execSync(deep)'],
  [
    'an interpreter that shares a GIL',
    "await Interpreter.create({ isolation: 'shared-gil' })",
    'await py.exec(deep)',
  ],
  ['the main interpreter', 'await Interpreter.main()', 'await py.exec(deep)'],
])('in %s it ends the process, which says why', (_what, create, run) => {
  const program = `
    import { Interpreter } from ${JSON.stringify(entry)};
    const deep = 'x = ()\\nfor _ in range(3_000_000): x = (x,)\\nhash(x)';
    const py = ${create};
    ${run};`;
  const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program]);
  expect(signal).toMatch(/SIGSEGV|SIGBUS/);
  expect(String(stderr)).toContain('multicore: the C stack overflowed');
});
