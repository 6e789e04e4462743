// Files, paths and the environment are read in the encoding that the `python` command would take,
// whatever the locale of the process. What crosses between the languages is elsewhere: it has no encoding.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonInfo } from '@multicore-python/interpreters';
import { afterAll, beforeAll, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const run = promisify(execFile);

// Locales and UTF-8 mode are a matter of POSIX.
const posix = test.skipIf(process.platform === 'win32');

const QUESTION =
  '[sys.getfilesystemencoding(), sys.flags.utf8_mode, sys.prefix, open(sys.argv[1]).read()]';

let folder: string;
let file: string;
let venv: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'multicore ☃ '));
  file = join(folder, 'snöw.txt');
  venv = join(folder, '.vénv');
  await writeFile(file, 'sn☃w');
  await run(pythonInfo().executable, ['-m', 'venv', '--without-pip', venv]);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

type Variables = Readonly<Record<string, string>>;

function environment(variables: Variables): NodeJS.ProcessEnv {
  const { LANG: _, LC_ALL: __, LC_CTYPE: ___, PYTHONUTF8: ____, ...rest } = process.env;
  return { ...rest, MULTICORE_PYTHON: venv, ...variables };
}

async function answerHere(variables: Variables): Promise<unknown> {
  const source = `
    import { Interpreter } from ${JSON.stringify(entry)};
    const py = await Interpreter.create({ argv: ['', ${JSON.stringify(file)}] });
    await py.exec('import sys');
    console.log(JSON.stringify(await py.evaluate('${QUESTION}')));`;
  const args = ['--input-type=module', '-e', source];
  const { stdout } = await run(process.execPath, args, { env: environment(variables) });
  return JSON.parse(stdout);
}

async function answerOfPython(variables: Variables): Promise<unknown> {
  const source = `import json, sys; print(json.dumps(${QUESTION}))`;
  const python = join(venv, 'bin', 'python3');
  const { stdout } = await run(python, ['-c', source, file], { env: environment(variables) });
  return JSON.parse(stdout);
}

posix.each<Variables>([
  {},
  { LC_ALL: 'C' },
  { LC_ALL: 'POSIX' },
  { LC_ALL: 'C.UTF-8' },
  { LC_ALL: 'xx_XX.UTF-8' }, // not installed
  { PYTHONUTF8: '1' },
  { LC_ALL: 'C.UTF-8', PYTHONUTF8: '0' },
])('as python does, with %o', async (variables) => {
  const answer = await answerHere(variables);
  expect(answer).toEqual(await answerOfPython(variables));
  expect(answer).toEqual(['utf-8', expect.any(Number), venv, 'sn☃w']);
});

posix('PYTHONUTF8 that is neither 0 nor 1 is an error that says so', async () => {
  await expect(answerHere({ PYTHONUTF8: 'yes' })).rejects.toThrow(/PYTHONUTF8 is neither 0 nor 1/);
});
