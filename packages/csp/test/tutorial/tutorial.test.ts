// Runs every program of docs/tutorial.md, and compares what it prints with what the text says.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closeIdleInterpreters } from '@multicore-python/csp';
import { afterAll, describe, expect, test } from 'vitest';
import { type Program, programsOf } from './programs.js';
import { Folder, trimmed } from './run.js';

const root = join(import.meta.dirname, '../../../..');
const text = await readFile(join(root, 'docs/tutorial.md'), 'utf8');
const { programs, files } = programsOf(text);
const folder = await Folder.create(files);

afterAll(async () => {
  await closeIdleInterpreters();
  await folder[Symbol.asyncDispose]();
});

describe('docs/tutorial.md', () => {
  test('has programs, each with its output', () => {
    expect(programs.length).toBeGreaterThan(8);
    expect(programs.filter(({ output }) => output === undefined)).toEqual([]);
  });

  test.each(programs.map((program): [string, Program] => [program.title, program]))(
    '%s',
    async (_, program) => {
      expect(alike(await folder.run(program))).toBe(alike(trimmed(program.output ?? '')));
    },
  );
});

/** Without what differs between Pythons. */
function alike(words: string): string {
  return words.replaceAll(/(ValueError): .*/g, '$1');
}
