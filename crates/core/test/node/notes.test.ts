// What agents note for others, and the waits that are written down.

import { afterEach, expect, it } from 'vitest';
import { load } from './support.js';

const binding = load();

afterEach(() => expect(binding.listNotes()).toEqual([]));

it('a note is there until it is taken back, and made anew under its key', () => {
  binding.setNote('7/job', 2, ['first', [1, true, null]]);
  binding.setNote('7/job', 2, ['second']);
  binding.setNote('7/job', 3, 'other');
  const [note, other] = binding.listNotes();
  expect(note).toMatchObject({ agent: '7/job', key: 2, note: ['second'] });
  expect(note?.age).toBeGreaterThanOrEqual(0);
  expect(other).toMatchObject({ key: 3, note: 'other' });
  binding.setNote('7/job', 2, null);
  binding.setNote('7/job', 3, null);
  binding.setNote('7/job', 3, null);
});

it('a note is a message: what cannot cross is refused', () => {
  expect(() => binding.setNote('7/job', 2, Symbol('none'))).toThrow();
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
