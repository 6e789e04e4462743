// Recursion in C. CPython counts or measures it; here it must end in an exception on every thread
// that runs Python: the interpreter's, Node's, and a Worker's with its small stack.

import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Interpreter } from '@multicore-python/interpreters';
import { expect, test } from 'vitest';
import { outcomeOf, outcomeOfSync } from './outcome.js';

const deep = (build: string, then: string): string =>
  `x = ()\nfor _ in range(10**5): x = ${build}\n${then}`;
const LIMIT = 'import sys\nsys.setrecursionlimit(10**6)\n';

const SOURCES: readonly (readonly [string, string])[] = [
  ['repr', deep('[x]', 'repr(x)')],
  ['comparison', `y = []\n${deep('[x]', 'for _ in range(10**5): y = [y]\nx == y')}`],
  ['json.loads', 'import json; json.loads("[" * 10**5)'],
  ['json.dumps', `import json\n${deep('[x]', 'json.dumps(x)')}`],
  ['pickle', `import pickle\n${deep('[x]', 'pickle.dumps(x)')}`],
  ['marshal', `import marshal\n${deep('(x,)', 'marshal.dumps(x)')}`],
  ['parentheses', 'compile("(" * 10**5, "x", "exec")'],
  ['unary operators', 'compile("-" * 10**5 + "1", "x", "exec")'],
  ['binary operators', 'compile("+".join("1" * 10**5), "x", "eval")'],
  ['attributes', 'import ast; ast.dump(ast.parse("a" + ".b" * 10**5))'],
  ['isinstance', deep('(x,)', 'isinstance(1, x)')],
  ['sorted', 'def f(x): return sorted([1, 2], key=f)\nf(1)'],
  ['sorted, with a higher limit', `${LIMIT}def f(x): return sorted([1, 2], key=f)\nf(1)`],
  [
    're.sub, with a higher limit',
    `${LIMIT}import re\ndef f(m): return re.sub("a", f, "a")\nf(None)`,
  ],
  [
    '__getattr__, with a higher limit',
    `${LIMIT}class A:\n  def __getattr__(s, n): return getattr(s, n)\nA().x`,
  ],
  ['nested expressions', 'import re; re.compile("(" * 10**4 + ")" * 10**4)'],
];
// `ok`: CPython 3.14 measures its stack, and ours is large enough for some of these.
const REFUSED =
  /^(ok|RecursionError|MemoryError|SyntaxError|ValueError|json\.decoder\.JSONDecodeError)$/;

test.each(SOURCES)('%s', async (_name, source) => {
  const py = await Interpreter.create();
  expect((await outcomeOf(py.exec(source))).kind).toMatch(REFUSED);
  expect(outcomeOfSync(() => py.execSync(source)).kind).toMatch(REFUSED);
  expect(await py.close()).toEqual({ abandoned: null });
});

test('all of them in a Worker, synchronously', async () => {
  const entry = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
  const program = `(async () => {
    const { Interpreter } = await import(${JSON.stringify(entry)});
    const { parentPort } = require('node:worker_threads');
    const kinds = ${JSON.stringify(SOURCES.map(([, source]) => source))}.map((source) => {
      const py = Interpreter.createSync();
      try { py.execSync(source); return 'ok'; } catch (error) { return error.pythonType; }
    });
    parentPort.postMessage(kinds);
  })()`;
  const worker = new Worker(program, { eval: true });
  const exited = once(worker, 'exit');
  const [kinds] = (await once(worker, 'message')) as [string[]];
  for (const kind of kinds) expect(kind).toMatch(REFUSED);
  await exited;
}, 60_000);

test('what is deep is let go of without recursion', async () => {
  await using py = await Interpreter.create();
  await py.exec(deep('(x,)', 'del x'));
  await py.exec(deep('[x]', 'del x'));
  await py.exec(
    'import itertools\nx = iter(())\nfor _ in range(10**5): x = itertools.chain(x)\ndel x',
  );
});
