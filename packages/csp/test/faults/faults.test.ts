// Programs end, whatever goes wrong and whenever, and leave nothing behind. `npm run faults` runs many
// more; FAULT_SEED and FAULT_RUNS choose.

import { channels } from '@multicore-python/channels';
import { closeIdleInterpreters, networks } from '@multicore-python/csp';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LANGUAGES } from '../../../../examples/csp/language.js';
import { FAULTS, inject } from './inject.js';
import { programs } from './programs.js';
import { pick, randomNumbers } from './random.js';

const RUNS = Number(process.env['FAULT_RUNS'] ?? 40);
const SEED = Number(process.env['FAULT_SEED'] ?? 2024);
/** Far more than any run takes: what is not over by then never will be. */
const HANGS_AFTER = 60_000;

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(async () => {
  process.off('unhandledRejection', note);
  await closeIdleInterpreters();
});

test(`${RUNS} runs with faults end and leave nothing behind`, async () => {
  const random = randomNumbers(SEED);
  const outcomes = new Map<string, number>();
  for (let run = 0; run < RUNS; run += 1) {
    const name = pick(random, Object.keys(programs));
    const language = pick(random, LANGUAGES);
    const fault = pick(random, FAULTS);
    const seed = Math.floor(random() * 2 ** 32);
    const what = `run ${run}: ${name} in ${language}, ${fault}, seed ${seed}`;
    const program = programs[name]?.(language);
    if (program === undefined) throw new RangeError(name);
    let timer: NodeJS.Timeout | undefined;
    const outcome = await Promise.race([
      inject(program, fault, randomNumbers(seed)),
      new Promise<string>((resolve) => {
        timer = setTimeout(() => resolve('hangs'), HANGS_AFTER);
      }),
    ]);
    clearTimeout(timer);
    expect(outcome, what).not.toBe('hangs');
    const isDeadlock = outcome.startsWith('Deadlock');
    // Faults end networks; none makes the watchdog believe in a deadlock, but for the program that has one.
    expect(!isDeadlock || name === 'deadlock' || fault === 'close', what).toBe(true);
    // Without a fault each does its work: else what is tested here is a program that is broken anyway.
    if (fault === 'none')
      expect(outcome, what).toMatch(name === 'deadlock' ? /^Deadlock/ : /^done$/);
    const ending = `${fault}: ${isDeadlock ? 'deadlock' : outcome === 'done' ? 'done' : 'failed'}`;
    outcomes.set(ending, (outcomes.get(ending) ?? 0) + 1);
    expect(networks(), what).toEqual([]);
    expect(unhandled, what).toEqual([]);
    expect(
      channels().filter(
        ({ waitingSenders, waitingReceivers }) => waitingSenders + waitingReceivers > 0,
      ),
      what,
    ).toEqual([]);
    const busy = Interpreter.list().filter(({ state }) => state !== 'idle' && state !== 'closed');
    expect(
      busy.map((py) => `${py.name} ${py.state}`),
      what,
    ).toEqual([]);
  }
  await closeIdleInterpreters();
  expect(Interpreter.list().map(({ name }) => name)).toEqual(['main']);
  if (process.env['FAULT_RUNS'] !== undefined)
    console.table(Object.fromEntries([...outcomes].toSorted()));
}, 0);
