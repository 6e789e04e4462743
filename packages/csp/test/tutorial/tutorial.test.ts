// Runs every program of docs/tutorial.md, and compares what it prints with what the text says.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatWithOptions } from 'node:util';
import { closeIdleInterpreters } from '@multicore-python/csp';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type Program, programsOf } from './programs.js';

const root = join(import.meta.dirname, '../../../..');
const text = await readFile(join(root, 'docs/tutorial.md'), 'utf8');
const { programs, files } = programsOf(text);
// Inside the package, so that its imports are found.
const directory = await mkdtemp(
  join(import.meta.dirname, '../../node_modules/.cache-tutorial-'),
).catch(async () => {
  await mkdir(join(import.meta.dirname, '../../node_modules'), { recursive: true });
  return await mkdtemp(join(import.meta.dirname, '../../node_modules/.cache-tutorial-'));
});
const before = process.cwd();

afterAll(async () => {
  process.chdir(before);
  await closeIdleInterpreters();
  await rm(directory, { recursive: true });
});

describe('docs/tutorial.md', () => {
  test('has programs, each with its output', () => {
    expect(programs.length).toBeGreaterThan(8);
    expect(programs.filter(({ output }) => output === undefined)).toEqual([]);
  });

  test.each(programs.map((program): [string, Program] => [program.title, program]))(
    '%s',
    async (_, { source, output, place }) => {
      for (const { path, source } of files) {
        await mkdir(dirname(join(directory, path)), { recursive: true });
        await writeFile(join(directory, path), source);
      }
      const file = join(directory, `program-${place}.ts`);
      await writeFile(file, source);
      process.chdir(directory);
      const lines: string[] = [];
      const print = vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => {
        lines.push(formatWithOptions({ colors: false }, ...words));
      });
      try {
        await import(/* @vite-ignore */ file);
      } finally {
        print.mockRestore();
      }
      expect(trimmed(lines.join('\n'))).toBe(trimmed(output ?? ''));
    },
  );
});

/** Without blanks at the ends of lines, and without what differs between Pythons. */
function trimmed(words: string): string {
  return words
    .split('\n')
    .map((line) => line.trimEnd().replace(/(ValueError): .*/, '$1'))
    .join('\n')
    .trim();
}
