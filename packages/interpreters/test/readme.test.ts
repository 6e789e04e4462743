// Runs what the README shows: each row of its tables, each block of TypeScript. Also checks that nothing that
// this package exports is missing there.

import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as library from '@multicore-python/interpreters';
import {
  Interpreter,
  InterpreterPool,
  PoolLease,
  PythonGenerator,
  PythonSource,
} from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { shapesOf } from './readme/members.js';
import { blocksOf, examplesOf } from './readme/tables.js';

const README = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const PYTHON = fileURLToPath(new URL('readme', import.meta.url));
const examples = examplesOf(README);
const shapes = await shapesOf(new URL('../src/index.ts', import.meta.url));

let py: Interpreter;
let pool: InterpreterPool;
beforeAll(async () => {
  py = await Interpreter.create({ name: 'readme' });
  pool = new InterpreterPool({ size: 2, name: 'readme', path: [PYTHON] });
});
afterAll(async () => {
  await pool.close();
  await py.close();
});

async function collect(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Runs an expression, or statements that end in a `return`; `using` is newer than Node 20. */
async function run(code: string): Promise<unknown> {
  const body = /\breturn\b/.test(code) ? code : `return (${code})`;
  const { file, remove } = await written(
    `export default async ({ py, pool, collect, once, PYTHON, ${Object.keys(library).join(', ')} }: any) => { ${body} };`,
  );
  try {
    const { default: example } = await import(/* @vite-ignore */ file);
    return await example({ ...library, py, pool, collect, once, PYTHON });
  } finally {
    await remove();
  }
}

async function written(code: string): Promise<{ file: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(fileURLToPath(new URL('readme/.example-', import.meta.url)));
  const file = join(folder, 'example.ts');
  await writeFile(file, code);
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** As part of a regular expression. */
const escaped = (text: string): string => text.replace(/[.[\]]/g, '\\$&');

describe('the README', () => {
  test('has examples', () => {
    expect(examples.length).toBeGreaterThan(50);
  });

  test.each(examples)('line $line: $code', async ({ code, result }) => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
    expect(await run(code)).toEqual(await run(result));
  });

  test.each(blocksOf(README))('the program on line $line', async ({ code }) => {
    const printed: unknown[] = [];
    vi.spyOn(console, 'log').mockImplementation((value) => void printed.push(String(value)));
    const { file, remove } = await written(code);
    try {
      await import(/* @vite-ignore */ file);
    } finally {
      await remove();
    }
    const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(
      (match) => match[1],
    );
    expect(printed).toEqual(promised);
  });

  const members = (of: object): string[] =>
    Reflect.ownKeys(of)
      .map((key) =>
        typeof key === 'symbol' ? `[${key.description?.replace('nodejs', 'Symbol')}]` : key,
      )
      .filter(
        (name) => !['constructor', 'length', 'prototype', '[Symbol.toStringTag]'].includes(name),
      );
  const rows = examples.map(({ member }) => member).join('\n');

  test.each([
    [
      'Interpreter',
      [...members(Interpreter.prototype), 'id', 'name', 'isolation', 'serial', 'stdout', 'stderr'],
    ],
    [
      'Interpreter’s static side',
      members(Interpreter)
        .filter((name) => name !== 'name')
        .map((name) => `Interpreter.${name}`),
    ],
    ['InterpreterPool', [...members(InterpreterPool.prototype), 'name', 'size']],
    ['PoolLease', [...members(PoolLease.prototype), 'interpreter']],
    ['PythonGenerator', members(PythonGenerator.prototype)],
    ['PythonSource', [...members(PythonSource.prototype), 'text', 'bindings']],
  ])('shows all of %s', (_, names) => {
    const missing = names.filter((name) => !new RegExp(`\`${escaped(name)}[\`(]`).test(rows));
    expect(missing).toEqual([]);
  });

  test('shows everything that is exported', () => {
    const missing = Object.keys(library).filter((name) => !new RegExp(`\`${name}\\b`).test(README));
    expect(missing).toEqual([]);
  });

  const whole = examples
    .map(({ member, code, result }) => `${member}\n${code}\n${result}`)
    .join('\n');

  test('knows the shapes of options and reports', () => {
    const names = shapes.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['CreateOptions', 'PoolOptions', 'PoolStats']));
    const options = shapes.find(({ name }) => name === 'CreateOptions');
    expect(options?.members).toContain('serial');
  });

  test.each(shapes)('shows each member of $name in an example', ({ members: names }) => {
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(whole))).toEqual([]);
  });
});
