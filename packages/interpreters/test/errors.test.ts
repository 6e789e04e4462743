import { Interpreter, NotShareableError, PythonError } from '@multicore-python/interpreters';
import { afterAll, beforeAll, expect, test } from 'vitest';

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create({ name: 'failing' });
});
afterAll(async () => {
  await py.close();
});

async function failure(source: string): Promise<PythonError> {
  const error = await py.exec(source, { filename: 'rules.py' }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PythonError);
  return error as PythonError;
}

test('an exception says what Python said', async () => {
  const error = await failure(
    'def parse(text):\n    raise ValueError("bad " + text)\nparse("input")',
  );
  expect(error.pythonType).toBe('ValueError');
  expect(error.message).toBe('ValueError: bad input');
  expect(error.interpreter).toBe('failing');
  expect(error.traceback).toMatch(/^Traceback \(most recent call last\):\n/);
  expect(error.traceback).toContain('raise ValueError("bad " + text)');
  expect(error.frames.map(({ function: name, line, filename }) => [name, line, filename])).toEqual([
    ['<module>', 3, 'rules.py'],
    ['parse', 2, 'rules.py'],
  ]);
});

test('the stack has Python’s frames above the caller’s', async () => {
  async function caller(): Promise<void> {
    await py.exec('1 / 0', { filename: 'rules.py' });
  }
  const error = await caller().catch((reason: unknown) => reason as PythonError);
  expect(error?.stack).toMatch(
    /^PythonError: ZeroDivisionError: .*\n\s+at <module> \(rules\.py:1(?::\d+)?\)\n(?:.*\n)*.*caller/,
  );
});

test('the stack of a synchronous failure is the caller’s', () => {
  function caller(): unknown {
    return py.evaluateSync('1 / 0');
  }
  expect(caller).toThrow(expect.objectContaining({ pythonType: 'ZeroDivisionError' }));
  try {
    caller();
  } catch (error) {
    expect((error as Error).stack).toMatch(/<module>(?:.*\n)*.*at caller/);
  }
});

test('causes, contexts, notes and groups come along', async () => {
  const error = await failure(`
try:
    try:
        {}['missing']
    except KeyError as key:
        raise RuntimeError('outer') from key
except RuntimeError as error:
    error.add_note('while testing')
    raise
`);
  expect(error.notes).toEqual(['while testing']);
  expect(error.cause).toBeInstanceOf(PythonError);
  expect((error.cause as PythonError).pythonType).toBe('KeyError');

  const group = await failure("raise ExceptionGroup('two', [ValueError('a'), TypeError('b')])");
  expect(group.errors?.map(({ pythonType }) => pythonType)).toEqual(['ValueError', 'TypeError']);
});

test('a syntax error knows where', async () => {
  const error = await failure('x = (1,\ny = 2');
  expect(error.pythonType).toBe('SyntaxError');
  expect(error.attributes).toMatchObject({ lineno: 1 });
});

test('a result that cannot cross names the culprit', async () => {
  const error = await py.evaluate("(1, {'a': object()})").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(NotShareableError);
  expect((error as NotShareableError).path).toMatch(/^\$\[1\]/);
});

test('an argument that cannot cross names the culprit, and nothing runs', async () => {
  class Connection {}
  const error = await py
    .call('builtins:print', [{ deep: [new Connection()] }])
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(NotShareableError);
  expect((error as NotShareableError).path).toContain('deep');
  expect((error as NotShareableError).type).toContain('Connection');
});

test('a function that is not there is an error of Python’s', async () => {
  await expect(py.call('nowhere_at_all:f')).rejects.toMatchObject({
    pythonType: 'ModuleNotFoundError',
  });
  await expect(py.call('math:nothing')).rejects.toMatchObject({ pythonType: 'AttributeError' });
});

test('SystemExit ends the job, not the process', async () => {
  await expect(py.exec('import sys; sys.exit(3)')).rejects.toMatchObject({
    pythonType: 'SystemExit',
  });
});

test('what nobody has read yet is still there when the interpreter is closed and Python has forgotten it', async () => {
  await using other = await Interpreter.create({ name: 'short-lived' });
  const error = await other
    .exec('def f():\n    raise OSError(2, "gone", "a.txt")\nf()', { filename: 'late.py' })
    .catch((reason: unknown) => reason as PythonError);
  await other.exec('import gc; gc.collect()');
  await other.close();
  if (!(error instanceof PythonError)) throw new Error('no PythonError');
  expect(error.attributes).toMatchObject({ errno: 2, filename: 'a.txt' });
  expect(error.frames.map(({ line }) => line)).toEqual([3, 2]);
  expect(error.traceback).toContain('late.py');
  expect(error.stack).toContain('at f (late.py:2');
  // Fetched once: the same objects again.
  expect(error.frames).toBe(error.frames);
});
