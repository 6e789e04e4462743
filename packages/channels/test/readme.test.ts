// Every example of the README runs and prints what its comments say, and every member has one.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'node:util';
import * as api from '@multicore-python/channels';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const README = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
const EXAMPLES = [...README.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, source = '']) => source);

let directory: string;
beforeAll(async () => {
  // Here, so that the packages are found from there.
  directory = await mkdtemp(join(import.meta.dirname, '.readme-'));
});
afterAll(() => rm(directory, { recursive: true }));

test.each(EXAMPLES.map((source, index) => ({ index, source })))(
  'example $index',
  async ({ index, source }) => {
    const expected = [...source.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(
      ([, text]) => text,
    );
    const printed: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
      printed.push(format(...values));
    });
    const file = join(directory, `example-${index}.ts`);
    await writeFile(file, source);
    try {
      await import(file);
    } finally {
      log.mockRestore();
    }
    expect(printed).toEqual(expected);
  },
);

/** For this project's own packages. */
const INTERNAL = ['handleOf', 'observeOperations'];

test('every member has an example or is named', () => {
  const members = [api.Sender, api.Receiver, api.End].flatMap((each) =>
    Object.getOwnPropertyNames(each.prototype).filter((name) => name !== 'constructor'),
  );
  const names = [...Object.keys(api), ...members].filter((name) => !INTERNAL.includes(name));
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(README))).toEqual([]);
});
