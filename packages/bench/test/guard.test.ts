import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compareCounts, storeCounts, storedCounts } from '../src/guard/expectations.js';

it('tells what takes more, what takes fewer, and what is new', () => {
  const kinds = compareCounts({ a: 1000, b: 1000, c: 1000 }, { a: 1020, b: 1200, c: 500, d: 1 });
  expect(kinds.map(({ workload, kind }) => [workload, kind])).toEqual([
    ['a', 'within'],
    ['b', 'more'],
    ['c', 'fewer'],
    ['d', 'new'],
  ]);
});

it('stores counts for one machine without touching those of others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guard-'));
  const file = join(folder, 'instructions.json');
  try {
    expect(storedCounts('x', file)).toBeNull();
    storeCounts('x', { a: 1 }, file);
    storeCounts('y', { a: 2 }, file);
    expect(storedCounts('x', file)).toEqual({ a: 1 });
    expect(storedCounts('y', file)).toEqual({ a: 2 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
