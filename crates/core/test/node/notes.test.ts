// What agents note for others, and the waits that are written down.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { load } from './support.js';

const binding = load();

afterEach(() => expect(binding.listNotes()).toEqual([]));

it('a note is there until it is taken back, and made anew under its key', async () => {
  binding.setNote('7/job', 2, ['first', [1, true, null]]);
  await sleep(20);
  expect(binding.listNotes()).toMatchObject([{ note: ['first', [1, true, null]] }]);
  expect(binding.listNotes()[0]?.age).toBeGreaterThanOrEqual(19);
  const start = performance.now();
  binding.setNote('7/job', 2, ['second']);
  binding.setNote('7/job', 3, 'other');
  const [note, other] = binding.listNotes();
  expect(note).toMatchObject({ agent: '7/job', key: 2, note: ['second'] });
  // Of the note that was made anew, not of the first.
  expect(note?.age).toBeLessThanOrEqual(performance.now() - start);
  expect(other).toMatchObject({ key: 3, note: 'other' });
  binding.setNote('7/job', 2, null);
  binding.setNote('7/job', 3, null);
  binding.setNote('7/job', 3, null);
});

it('a note is a message: what cannot cross is refused', () => {
  expect(() => binding.setNote('7/job', 2, Symbol('none'))).toThrow(/not-shareable/);
  expect(binding.listNotes()).toEqual([]);
});

it('waits are numbered, and nobody records too little', () => {
  binding.recordWaits(false);
  binding.recordWaits(true);
  const [next, waits] = binding.waitsSince();
  expect(waits).toEqual([]);
  expect(binding.waitsSince(0)[0]).toBe(next);
  expect(binding.waitsSince(next + 5)[1]).toEqual([]);
  binding.recordWaits(false);
});
