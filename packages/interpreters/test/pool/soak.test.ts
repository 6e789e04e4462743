// The quick form of `npm run soak:pool`: seconds, with a fixed seed. Memory is only looked at in the long one.

import { Interpreter, InterpreterPool } from '@multicore-python/interpreters';
import { expect, test } from 'vitest';
import { soak } from './soak.js';

test('under load every request is answered and no interpreter is lost', async () => {
  const report = await soak(
    { Interpreter, InterpreterPool },
    { seed: 8, requests: 3000, milliseconds: 20_000 },
  );
  expect(report.wrong).toEqual([]);
  expect(report.answered).toBe(report.requests);
  expect(report.left).toEqual([]);
  expect(report.replaced).toBeGreaterThan(0);
});
