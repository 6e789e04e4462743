// Runs the programs of the repository's README, with the files that it shows.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closeIdleInterpreters } from '@multicore-python/csp';
import { afterAll, expect, test } from 'vitest';
import { programsOf } from './programs.js';
import { Folder } from './run.js';

const text = await readFile(join(import.meta.dirname, '../../../../README.md'), 'utf8');
const { programs, files } = programsOf(text);
const folder = await Folder.create(files);

afterAll(async () => {
  await closeIdleInterpreters();
  await folder[Symbol.asyncDispose]();
});

/** What each prints, in the order of the page. */
const PRINTED = [['2'], ['0.5', '1'], ['python/metrics.py 1', 'python/rules.py 0']];

test('the page has as many programs as are known here', () => {
  expect(programs.length).toBe(PRINTED.length);
  expect(files.map(({ path }) => path)).toEqual(['python/rules.py', 'python/metrics.py']);
});

test.each(PRINTED.map((lines, index) => ({ index, lines })))(
  'program $index prints $lines',
  async ({ index, lines }) => {
    const before = process.argv;
    process.argv = [...before.slice(0, 2), ...files.map(({ path }) => path)];
    try {
      const printed = await folder.run(programs[index] as (typeof programs)[number]);
      // Several workers: results come as they are ready.
      expect(printed.split('\n').toSorted()).toEqual(lines);
    } finally {
      process.argv = before;
    }
  },
);
