// The proof's verdict, with interpreters that are not there. That the proof itself is sound was tried on CPython 3.13.0:
// own-GIL interpreters took 100 turns, interpreters that share a GIL none.

import { expect, it } from 'vitest';
import { checkIsolation } from '../../src/doctor/isolation.js';

function fake(turns: readonly number[]) {
  const closed: string[] = [];
  const create = async (name: string) => ({
    exec: async () => undefined,
    evaluate: async () => turns[name === 'doctor-a' ? 0 : 1],
    close: async () => closed.push(name),
  });
  return { create, closed };
}

it('is satisfied when both took every turn', async () => {
  const { create, closed } = fake([100, 100]);
  expect(await checkIsolation(create)).toMatchObject({ isolated: true, rounds: 100 });
  expect(closed).toEqual(['doctor-a', 'doctor-b']);
});

it('is not when one was kept waiting', async () => {
  expect(await checkIsolation(fake([0, 1]).create)).toMatchObject({ isolated: false, rounds: 0 });
});

it('closes what it created when the second cannot be', async () => {
  const { create, closed } = fake([]);
  const failing = (name: string) =>
    name === 'doctor-b' ? Promise.reject(new Error('no more')) : create(name);
  await expect(checkIsolation(failing)).rejects.toThrow('no more');
  expect(closed).toEqual(['doctor-a']);
});
