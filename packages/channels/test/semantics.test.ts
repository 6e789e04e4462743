// The README's semantics tables, cell by cell: the tables are read from the README, so that they
// cannot say what is not so.

import { join } from 'node:path';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OPERATIONS } from './semantics/node.js';
import { outcomeOf } from './semantics/outcome.js';
import { runIn, sideOf } from './semantics/python.js';
import { sceneOf } from './semantics/states.js';
import { cellsOf } from './semantics/table.js';

const NOTHING_TO_SAY = '–';

describe('TypeScript', () => {
  test.each(cellsOf('From TypeScript').filter(({ says }) => says !== NOTHING_TO_SAY))(
    '$operation, $state: $says',
    async ({ operation, state, says }) => {
      const row = OPERATIONS[operation];
      if (row === undefined) throw new Error(`No such operation: ${operation}`);
      const scene = sceneOf(state, row.side);
      expect(
        await outcomeOf(scene, row.side, state, async (limits) => row.run(scene, limits)),
      ).toBe(says);
    },
  );

  test('every operation has a row', () => {
    const rows = new Set(cellsOf('From TypeScript').map(({ operation }) => operation));
    expect(rows).toEqual(new Set(Object.keys(OPERATIONS)));
  });
});

describe('Python', () => {
  let interpreter: Interpreter;
  beforeAll(async () => {
    interpreter = await Interpreter.create({ path: [join(import.meta.dirname, 'python')] });
  });
  afterAll(() => interpreter.close());

  test.each(cellsOf('From Python').filter(({ says }) => says !== NOTHING_TO_SAY))(
    '$operation, $state: $says',
    async ({ operation, state, says }) => {
      const side = sideOf(operation);
      const scene = sceneOf(state, side);
      const run = runIn(interpreter, operation, scene);
      expect(await outcomeOf(scene, side, state, run)).toBe(says);
    },
  );

  test('every operation has a row', async () => {
    const rows = new Set(cellsOf('From Python').map(({ operation }) => operation));
    const known = await interpreter.evaluate<string[]>('list(__import__("operations").OPERATIONS)');
    expect(rows).toEqual(new Set(known));
  });
});

describe('a rendezvous channel is full and empty at once', () => {
  test.each(
    cellsOf('From TypeScript').filter(
      ({ operation, state, says }) =>
        says !== NOTHING_TO_SAY &&
        ((state === 'full' && OPERATIONS[operation]?.side === 'send') ||
          (state === 'empty' && OPERATIONS[operation]?.side === 'receive')) &&
        !says.includes('then'),
    ),
  )('$operation: $says', async ({ operation, state, says }) => {
    const row = OPERATIONS[operation];
    if (row === undefined) throw new Error(`No such operation: ${operation}`);
    const scene = sceneOf(state, row.side, 0);
    expect(await outcomeOf(scene, row.side, state, async (limits) => row.run(scene, limits))).toBe(
      says,
    );
  });
});
