// Values made by chance cross in both directions, in calls and in messages, and are what they were: each side
// writes down what it has (values/canonical.ts, python/canonical.py), and the texts must agree.

import { join } from 'node:path';
import { channel } from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomFrom } from './soak/random.js';
import { arrived, toPython } from './values/canonical.js';
import { Generator } from './values/generate.js';

const SEED = Number(process.env['VALUES_SEED'] ?? 20261121);
const COUNT = Number(process.env['VALUES_COUNT'] ?? 300);
const DEPTH = 4;

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create({ path: [join(import.meta.dirname, 'python')] });
});
afterAll(() => py.close());

const seeds = Array.from({ length: COUNT }, (_, index) => SEED + index);
const values = (): [number, unknown][] =>
  seeds.map((seed) => [seed, new Generator(randomFrom(seed)).value(DEPTH)]);

test('arguments arrive in Python as they were', async () => {
  for (const [seed, value] of values()) {
    const expected = toPython(value, 'call');
    expect(await py.call('canonical:shape', [value]), `seed ${seed}`).toBe(expected);
    expect(py.callSync('canonical:shape', [value]), `seed ${seed}`).toBe(expected);
  }
});

test('messages arrive in Python as they were', async () => {
  const { sender, receiver } = channel<unknown>({ capacity: 7 });
  const shapes = py.call<string[]>('canonical:shapes_of', [receiver, COUNT]);
  for (const [, value] of values()) await sender.send(value);
  const found = await shapes;
  for (const [index, [seed, value]] of values().entries()) {
    expect(found[index], `seed ${seed}`).toBe(toPython(value, 'message'));
  }
});

test('messages between handles of JavaScript are what they were', () => {
  const { sender, receiver } = channel<unknown>({ capacity: 1 });
  const { sender: again, receiver: last } = channel<unknown>({ capacity: 1 });
  for (const [seed, value] of values()) {
    sender.trySend(value);
    const once = receiver.tryReceive();
    // What has arrived can be sent on, and is the same.
    again.trySend(once);
    expect(arrived(last.tryReceive()), `seed ${seed}`).toBe(arrived(once));
  }
});

test('results arrive in JavaScript as they were', async () => {
  for (const seed of seeds) {
    for (const mutable of [true, false]) {
      const expected = await py.call('canonical:made', [seed], { kwargs: { mutable } });
      const value = await py.call('canonical:make', [seed], { kwargs: { mutable } });
      expect(arrived(value), `seed ${seed}`).toBe(expected);
    }
  }
});

test('messages arrive in JavaScript as they were', async () => {
  const { sender, receiver } = channel<unknown>({ capacity: 7 });
  const found: [number, string][] = [];
  const sending = py.call('canonical:send_all', [sender, SEED, COUNT]);
  for (const seed of seeds) {
    found.push([seed, arrived(await receiver.receive())]);
  }
  await sending;
  for (const [seed, shape] of found) {
    expect(shape, `seed ${seed}`).toBe(
      await py.call('canonical:made', [seed], { kwargs: { mutable: false } }),
    );
  }
});
