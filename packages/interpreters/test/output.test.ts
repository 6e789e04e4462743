import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Interpreter } from '@multicore-python/interpreters';
import { expect, test } from 'vitest';

test('a function gets each piece, in order, before the result', async () => {
  const pieces: string[] = [];
  await using py = await Interpreter.create({ stdout: (piece) => void pieces.push(piece) });
  await py.exec(
    "for n in range(3): print('line', n)\nimport sys\nsys.stdout.write('no newline')\nsys.stdout.flush()",
  );
  expect(pieces.join('')).toBe('line 0\nline 1\nline 2\nno newline');
});

test('a pipe is a stream that ends with the interpreter', async () => {
  const py = await Interpreter.create({ stdout: 'pipe', stderr: 'pipe' });
  const [out, err] = [text(readable(py.stdout)), text(readable(py.stderr))];
  await py.exec("import sys\nprint('out ä')\nprint('err', file=sys.stderr)");
  await py.close();
  expect(await out).toBe('out ä\n');
  expect(await err).toBe('err\n');
});

// The collection before the end looks at objects that are young only, if none has become old.
test.each([
  ['young', ''],
  ['old', 'gc.collect()'],
  ['old in part', 'gc.collect(1); made.append(Circle("younger"))'],
])('finalizers of %s garbage are heard before the interpreter ends', async (age, promote) => {
  const pieces: string[] = [];
  const py = await Interpreter.create({ stdout: (piece) => void pieces.push(piece) });
  await py.exec(`
import gc
class Circle:
    def __init__(self, name):
        self.name, self.me = name, self
    def __del__(self):
        print(self.name)
gc.disable()
made = [Circle("first")]
${promote}`);
  await py.close();
  const names = pieces.join('').trim().split('\n').sort();
  expect(names).toEqual(age === 'old in part' ? ['first', 'younger'] : ['first']);
});

test('without a pipe there is no stream', async () => {
  await using py = await Interpreter.create({ stdout: 'ignore' });
  expect([py.stdout, py.stderr]).toEqual([null, null]);
  await py.exec("print('nobody sees this')");
});

function readable(stream: Readable | null): Readable {
  if (stream === null) throw new Error('there is no stream');
  return stream;
}
