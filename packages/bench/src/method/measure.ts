// One case: calibrate every side, check that all compute the same, then rounds A B A B, on cores in
// turn where the plan says so. Knows programs only through `Side`; nothing about suites, peers or reports.

import type { Ran } from '../host/protocol.js';
import type { Observed } from '../machine/noise.js';
import type { Measure } from './model.js';
import type { Sample } from './statistics.js';

/** Where a side runs. */
export interface Place {
  /** All of it on this core from now on. */
  on(core: number): void;
  /** All of it on all cores again. */
  everywhere(): Promise<void>;
}

/** One side of a comparison, ready to run. */
export interface Side {
  readonly name: string;
  /** Missing: it cannot be told where to run. */
  readonly place?: Place;
  /** Goes on in a new process; missing: it has one for good. */
  renew?(): Promise<void>;
  /** Runs the work once with `n` operations and says what was seen meanwhile. */
  run(n: number): Promise<{ readonly ran: Ran; readonly seen: Observed }>;
}

/** How a case is run. */
export interface Plan {
  readonly measure: Measure;
  readonly rounds: number;
  /** The least time of one sample. */
  readonly sampleMs: number;
  /** No further round begins after this long, the first excepted; null: all rounds. */
  readonly budgetMs: number | null;
  readonly checkedOperations: number;
  /** Each round runs on one of these, in turn, the same for all sides; empty: on all, as the system likes. */
  readonly cores: readonly number[];
  /** Over how many processes of each side the rounds are spread. */
  readonly processes: number;
}

/** What one side reached. */
export interface SideResult {
  readonly name: string;
  readonly operations: number;
  readonly samples: Sample[];
  readonly cpu: number[];
}

/** A side that fell out, and why. */
export interface Fallen {
  readonly name: string;
  readonly reason: string;
}

/** What a case came to. */
export interface Measured {
  readonly results: SideResult[];
  readonly fallen: Fallen[];
  /** How many were done. */
  readonly rounds: number;
}

/** Told about each step, for the progress line. */
export type OnStep = (step: string) => void;

interface Runner {
  readonly side: Side;
  readonly result: SideResult;
}

/** Runs a case. The first side is the one whose answers the others are checked against. */
export async function measureCase(
  sides: readonly Side[],
  plan: Plan,
  onStep: OnStep,
): Promise<Measured> {
  try {
    return await measure(sides, plan, onStep);
  } finally {
    if (plan.cores.length > 0) for (const { place } of sides) await place?.everywhere();
  }
}

async function measure(sides: readonly Side[], plan: Plan, onStep: OnStep): Promise<Measured> {
  const start = performance.now();
  const fallen: Fallen[] = [];
  const runners: Runner[] = [];
  let expected: { readonly check: string; readonly by: string } | undefined;
  for (const side of sides) {
    onStep(`warming ${side.name}`);
    try {
      const { ran } = await side.run(plan.checkedOperations);
      const check = JSON.stringify(ran.check ?? null);
      expected ??= { check, by: side.name };
      if (check !== expected.check)
        throw new Error(
          `computed ${brief(check)} where ${expected.by} computed ${brief(expected.check)}`,
        );
      // On all cores: what a side compiles or loads beside its work has the others for that.
      const operations = await calibrate(side, plan);
      runners.push({ side, result: { name: side.name, operations, samples: [], cpu: [] } });
    } catch (error) {
      fallen.push({ name: side.name, reason: reasonOf(error) });
    }
  }
  let round = 0;
  for (; round < plan.rounds; round += 1) {
    if (round > 0 && performance.now() - start > (plan.budgetMs ?? Number.POSITIVE_INFINITY)) break;
    if (round > 0 && round % Math.ceil(plan.rounds / plan.processes) === 0) {
      onStep(`new processes after round ${round}`);
      await each(runners, fallen, renew);
    }
    onStep(`round ${round + 1} of ${plan.rounds}`);
    const { core, backwards } = turnOf(round, plan.cores);
    await each(runners, fallen, (runner) => sampled(runner, core, round), backwards);
  }
  return { results: runners.map(({ result }) => result), fallen, rounds: round };

  async function sampled(runner: Runner, core: number | null, of: number): Promise<void> {
    if (core !== null) runner.side.place?.on(core);
    await sample(runner, of, plan);
  }
  async function renew({ side, result }: Runner): Promise<void> {
    if (side.renew === undefined) return;
    await side.renew();
    // Warm as the first one was.
    await side.run(plan.checkedOperations);
    await side.run(result.operations);
  }
}

/** Does something for each side; those that fail fall out. */
async function each(
  runners: Runner[],
  fallen: Fallen[],
  what: (runner: Runner) => Promise<void>,
  backwards = false,
): Promise<void> {
  for (const runner of backwards ? [...runners].reverse() : [...runners]) {
    try {
      await what(runner);
    } catch (error) {
      fallen.push({ name: runner.side.name, reason: reasonOf(error) });
      runners.splice(runners.indexOf(runner), 1);
    }
  }
}

/** Where a round runs and in which order: every other one backwards, so that who comes first has no advantage. */
function turnOf(
  round: number,
  cores: readonly number[],
): { readonly core: number | null; readonly backwards: boolean } {
  const core = cores[round % cores.length] ?? null;
  // With an even number of cores, every other round would be the same half of them each time.
  const turns = cores.length > 0 && cores.length % 2 === 0 ? Math.floor(round / cores.length) : 0;
  return { core, backwards: (round + turns) % 2 === 1 };
}

async function sample({ side, result }: Runner, round: number, plan: Plan): Promise<void> {
  const { ran, seen } = await side.run(result.operations);
  const { measure } = plan;
  const value =
    measure === 'rate'
      ? result.operations / ran.seconds
      : measure === 'time'
        ? ran.seconds / result.operations
        : ran.seconds;
  result.samples.push({ round, value, disturbed: seen.disturbed });
  if (seen.cpuSeconds !== null)
    result.cpu.push(
      measure === 'work' || measure === 'process'
        ? seen.cpuSeconds
        : seen.cpuSeconds / result.operations,
    );
}

// A sample may take this much longer than asked for before the last step of calibration is repeated.
const CLOSE_ENOUGH = 0.7;
const GROWTH_MAX = 20;
const OPERATIONS_MAX = 100_000_000;

/** Finds how many operations fill a sample, and warms up on the way. */
async function calibrate(side: Side, plan: Plan): Promise<number> {
  if (plan.measure !== 'time' && plan.measure !== 'rate') return plan.checkedOperations;
  const wanted = plan.sampleMs / 1000;
  let n = plan.checkedOperations;
  // The very first run has imported, compiled and connected: it says nothing about the others.
  let seconds = (await side.run(n)).ran.seconds;
  while (seconds < wanted * CLOSE_ENOUGH && n < OPERATIONS_MAX) {
    const growth = Math.min(GROWTH_MAX, Math.max(1.3, wanted / Math.max(seconds, 1e-6)));
    n = Math.ceil(n * growth);
    seconds = (await side.run(n)).ran.seconds;
  }
  // The first operations are the slowest: with a slow peer they may fill the sample alone.
  if (seconds > wanted * 2 && n > 1) n = Math.max(1, Math.round((n * wanted) / seconds));
  return n;
}

function brief(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text
    .trim()
    .split('\n')
    .filter((line) => line.trim() !== '');
  // A Python traceback ends with what went wrong, a JavaScript stack begins with it.
  const line = lines[0]?.includes('Traceback') ? lines.at(-1) : lines[0];
  return (line ?? 'no reason given').trim().slice(0, 300);
}
