// A server under load: requests that are answered, and requests that fail, hang, hoard, loop and are given
// up. Run for minutes by `npm run soak:pool`, for seconds by the test beside it.

import { fileURLToPath } from 'node:url';
import type { Interpreter, InterpreterPool } from '@multicore-python/interpreters';

/** What the soak needs: it runs against the sources in a test, against what is built from the command line. */
export interface SoakSubject {
  readonly InterpreterPool: typeof InterpreterPool;
  readonly Interpreter: typeof Interpreter;
}

/** How to soak. */
export interface SoakPlan {
  readonly seed: number;
  /** Ends after so many requests… */
  readonly requests: number;
  /** …or so many milliseconds. */
  readonly milliseconds: number;
  /** Where `soak_tasks.py` is. */
  readonly python?: string | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/** What came of it. */
export interface SoakReport {
  readonly requests: number;
  readonly answered: number;
  /** Answers by kind of request and outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Answers that are not what that kind of request may give. */
  readonly wrong: readonly string[];
  readonly replaced: number;
  readonly abandoned: number;
  /** Interpreters that live after the pool was closed, the main one left out. */
  readonly left: readonly string[];
  /** Resident memory in MB: after the first tenth, and at the end. */
  readonly memory: readonly [early: number, late: number];
}

interface Kind {
  readonly name: string;
  readonly weight: number;
  readonly allowed: readonly string[];
  readonly timeout?: number;
  readonly aborts?: true;
  /** Many items through `map`, whose loop may be left early. */
  readonly maps?: true;
}

const KINDS: readonly Kind[] = [
  { name: 'answer', weight: 60, allowed: ['ok'] },
  { name: 'spin', weight: 10, allowed: ['ok'] },
  { name: 'pause', weight: 10, allowed: ['ok'] },
  { name: 'hog', weight: 5, allowed: ['ok'] },
  { name: 'answer', weight: 3, allowed: ['ok'], maps: true },
  { name: 'fail', weight: 2, allowed: ['ERR_PYTHON'], maps: true },
  { name: 'fail', weight: 5, allowed: ['ERR_PYTHON'] },
  { name: 'leave', weight: 1, allowed: ['ERR_PYTHON'] },
  { name: 'refuse', weight: 2, allowed: ['ERR_NOT_SHAREABLE'] },
  { name: 'answer', weight: 4, allowed: ['ok', 'AbortError'], aborts: true },
  { name: 'spin', weight: 2, allowed: ['ok', 'AbortError'], aborts: true },
  { name: 'sleep', weight: 1, allowed: ['ERR_TIMEOUT'], timeout: 5 },
  { name: 'sleep', weight: 0.5, allowed: ['AbortError'], aborts: true },
  { name: 'endless', weight: 1, allowed: ['ERR_TIMEOUT'], timeout: 5 },
  { name: 'endless', weight: 0.5, allowed: ['AbortError'], aborts: true },
  { name: 'defiant', weight: 0.02, allowed: ['ERR_TIMEOUT'], timeout: 5 },
];

const PATH = fileURLToPath(new URL('python', import.meta.url));
const IN_FLIGHT = 32;

/** Soaks a pool. */
export async function soak(subject: SoakSubject, plan: SoakPlan): Promise<SoakReport> {
  const random = generator(plan.seed);
  const outcomes: Record<string, number> = {};
  const wrong: string[] = [];
  const pool = new subject.InterpreterPool({
    size: 2,
    path: [plan.python ?? PATH],
    recycle: { memory: 16 * 2 ** 20 },
    name: 'soak',
  });
  const started = performance.now();
  let requests = 0;
  let answered = 0;
  let early = 0;

  const request = async (): Promise<void> => {
    const n = requests;
    requests += 1;
    const kind = pick(random);
    const args = kind.name === 'spin' ? [n, random() * 4] : [n];
    const { timeout } = kind;
    const signal = kind.aborts ? AbortSignal.timeout(Math.floor(random() * 8)) : undefined;
    const path = `soak_tasks:${kind.name}`;
    const outcome = await (kind.maps
      ? mapped(pool, path, n, random)
      : pool.run<number>(path, args, { timeout, signal })
    ).then(
      (value) => (value === n + 1 ? 'ok' : `wrong value ${value}`),
      (error: { code?: unknown; name: string }) =>
        // AbortSignal.timeout's own reason is called so.
        error.name === 'TimeoutError' && error.code !== 'ERR_TIMEOUT'
          ? 'AbortError'
          : String(error.code ?? error.name),
    );
    answered += 1;
    const how = kind.aborts ? ' aborted' : kind.maps ? ' mapped' : '';
    const key = `${kind.name}${how}: ${outcome}`;
    outcomes[key] = (outcomes[key] ?? 0) + 1;
    if (!kind.allowed.includes(outcome)) wrong.push(`request ${n}: ${key}`);
  };
  const isOver = (): boolean =>
    requests >= plan.requests || performance.now() - started >= plan.milliseconds;
  const client = async (): Promise<void> => {
    while (!isOver()) {
      await request();
      if (early === 0 && isTenth(requests, started, plan)) early = residentMb();
      if (requests % 5000 === 0) plan.log?.(`${requests} requests, ${residentMb()} MB`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, client));
  await pool.drain();
  const late = residentMb();
  const { replaced } = pool.stats();
  const { abandoned } = await pool.close({ timeout: 5000 });
  const left = subject.Interpreter.list()
    .filter(({ id }) => id !== 0)
    .map(({ name }) => name);
  return {
    requests,
    answered,
    outcomes,
    wrong,
    replaced,
    abandoned: abandoned.length,
    left,
    memory: [early, late],
  };
}

/** Maps some hundred items, leaving the loop anywhere; the answer to `n` if all results were right. */
async function mapped(
  pool: InterpreterPool,
  path: string,
  n: number,
  random: () => number,
): Promise<number> {
  const items = Array.from({ length: 1 + Math.floor(random() * 400) }, (_, index) => n + index);
  const last = Math.floor(random() * items.length * 2);
  let index = 0;
  for await (const answer of pool.map<number, number>(path, items)) {
    if (answer !== n + index + 1) return -1;
    if (index === last) break;
    index += 1;
  }
  return n + 1;
}

function isTenth(requests: number, started: number, plan: SoakPlan): boolean {
  return requests * 10 >= plan.requests || (performance.now() - started) * 10 >= plan.milliseconds;
}

function residentMb(): number {
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
}

function pick(random: () => number): Kind {
  let at = random() * KINDS.reduce((sum, { weight }) => sum + weight, 0);
  for (const kind of KINDS) {
    at -= kind.weight;
    if (at < 0) return kind;
  }
  return KINDS[0] as Kind;
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
