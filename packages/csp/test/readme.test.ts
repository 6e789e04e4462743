// Runs what the README shows: each row of its tables, in TypeScript and in Python. Also checks that
// nothing is missing there that the packages export.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as library from '@multicore-python/csp';
import {
  closeIdleInterpreters,
  javascript,
  type Receiver,
  type Sender,
} from '@multicore-python/csp';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const README = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
const [IN_TYPESCRIPT = '', IN_PYTHON = ''] = README.split('## From Python');

interface Row {
  readonly code: string;
  readonly result: string;
}

/** The rows of the tables with examples. */
function rowsOf(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| Member'))
    .map((line) => {
      const [result = '', code = ''] = line.slice(2, -2).split(' | ').toReversed();
      const plain = (cell: string): string => {
        const fence = /^`+/.exec(cell)?.[0].length ?? 0;
        return cell.slice(fence, cell.length - fence);
      };
      return { code: plain(code), result: plain(result) };
    });
}

let folder: string;
beforeAll(async () => {
  // Here, so that the packages are found from there.
  folder = await mkdtemp(join(import.meta.dirname, '.readme-'));
});
afterAll(async () => {
  await closeIdleInterpreters();
  await rm(folder, { recursive: true });
});

describe('in TypeScript', () => {
  const helpers = {
    count: (out: Sender<number>, n: number) =>
      javascript(
        async ({ out }) => {
          for (let i = 0; i < n; i += 1) await out.send(i);
        },
        { out },
      ),
    all: (input: Receiver<unknown>) =>
      javascript(
        async ({ input }) => {
          const all: unknown[] = [];
          for await (const each of input) all.push(each);
          return all;
        },
        { input },
      ),
  };
  const names = [...Object.keys(library), ...Object.keys(helpers)].join(', ');
  let files = 0;

  const run = async (code: string): Promise<unknown> => {
    const body = /\breturn\b/.test(code) ? code : `return (${code})`;
    files += 1;
    const file = join(folder, `example-${files}.ts`);
    await writeFile(file, `export default async ({ ${names} }: any) => { ${body} };`);
    const { default: example } = await import(/* @vite-ignore */ file);
    return await example({ ...library, ...helpers });
  };

  test.each(rowsOf(IN_TYPESCRIPT))('$code', async ({ code, result }) => {
    expect(await run(code)).toEqual(await run(result));
  });

  test('every export is there', () => {
    const missing = Object.keys(library).filter(
      (name) => !new RegExp(`\\b${name}\\b`).test(IN_TYPESCRIPT),
    );
    expect(missing).toEqual([]);
  });

  test('every member of the classes is there', () => {
    const of = (each: { prototype: object }): string[] =>
      Object.getOwnPropertyNames(each.prototype).filter((name) => !INTERNAL.has(name));
    const members = [library.Barrier, library.Composition].flatMap(of);
    expect(members.filter((name) => !new RegExp(`\\b${name}\\b`).test(IN_TYPESCRIPT))).toEqual([]);
  });
});

/** For this project's own packages, or what every process has and nobody calls. */
const INTERNAL = new Set([
  'constructor',
  ...['id', 'fate', 'cell', 'parts', 'take', 'put'],
  ...['ends', 'start', 'hold', 'letGo', 'then'],
]);

describe('in Python', () => {
  let py: Interpreter;
  beforeAll(async () => {
    py = await Interpreter.create();
    await py.prepareMain({ twice: (n: number) => 2 * n });
    await py.exec(PRELUDE);
  });
  afterAll(() => py.close({ timeout: 5000 }));

  test.each(rowsOf(IN_PYTHON))('$code', async ({ code, result }) => {
    expect(await py.call('_differs', [code, result])).toBeNull();
  });

  test('every member of multicore.csp is there', async () => {
    const names = await py.evaluate<readonly string[]>('tuple(_csp.__all__)');
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(IN_PYTHON))).toEqual([]);
  });
});

const PRELUDE = `
from multicore import csp as _csp
from multicore.csp import *

def _count(out, n):
    for number in range(n):
        out.send(number)

def count(out, n):
    return python(_count, (out, n), name="count")

def everything(input):
    return python("builtins:list", (input,))

def pass_on(input, out):
    out.send(input.recv())

def squares(input, out):
    for number in input:
        out.send(number * number)

def full(n):
    made = Channel(n)
    for number in range(n):
        made.write(number)
    made.close()
    return made

def error_of(function):
    try:
        function()
    except Exception as error:
        return error

def _differs(code, result):
    names = dict(globals(), c=Channel(), d=Channel())
    found, wanted = eval(code, names), eval(result, names)
    return None if found == wanted else f"{found!r} is not {wanted!r}"
`;
