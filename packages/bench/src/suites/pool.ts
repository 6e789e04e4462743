// The suite of pools: what a program sees of one that hands Python functions to every core.

import { type Case, type Entry, type Program, REFERENCE, type Suite } from '../method/model.js';
import { CORES } from '../programs/pool/workloads.js';

const node = (module: string): Program => ({ kind: 'node', module: `pool/${module}` });
const PROCESSES: Program = { kind: 'python', script: 'pool_processes.py' };

/** Each with what one of its workers is. */
const POOLS: readonly (readonly [contender: string, program: Program, worker: string])[] = [
  ['multicore', node('multicore'), 'interpreters'],
  ['process-pool', PROCESSES, 'processes'],
  ['piscina', node('piscina'), 'Workers with a Python child each'],
  ['python-shell', node('python-shell'), 'child processes'],
  ['pyodide', node('pyodide'), 'Workers'],
  ['node-calls-python', node('node-calls-python'), 'calls in flight, one GIL'],
];

/** All pools but `without`; `slow` says who is left out of `--quick`, and why. */
function entries(
  workload: string,
  workers: number,
  {
    without = [],
    slow = {},
  }: {
    readonly without?: readonly string[];
    readonly slow?: Readonly<Partial<Record<string, string>>>;
  } = {},
): Entry[] {
  return POOLS.filter(([contender]) => !without.includes(contender)).map(
    ([contender, program, worker]): Entry => {
      const reason = slow[contender];
      return {
        contender,
        program,
        workload,
        variant: `${workers} ${worker}`,
        ...(reason === undefined ? {} : { slow: reason }),
      };
    },
  );
}

/** A hundred thousand tasks, handed one by one to another process, Worker or thread. */
const SECONDS_A_SAMPLE: Readonly<Record<string, string>> = Object.fromEntries(
  POOLS.filter(([contender]) => contender !== REFERENCE).map(([contender]) => [
    contender,
    'seconds a sample',
  ]),
);

function primes(kind: string, workers: number, title: string, more: Partial<Case> = {}): Case {
  return {
    id: `${kind}-${workers}`,
    title,
    measure: 'work',
    checkedOperations: 1,
    rounds: 7,
    entries: entries(`${kind}-${workers}`, workers),
    ...more,
  };
}

const latency = (part: string): Case => ({
  id: `latency-${part}`,
  title: `a request of a fraction of a millisecond, ${2 * CORES} at a time: ${part}`,
  measure: 'time',
  checkedOperations: 64,
  sampleMs: 300,
  headline: true,
  entries: entries(`latency-${part}`, CORES),
});

const mapped = (contender: string, program: Program, variant: string): Entry => ({
  contender,
  program,
  workload: 'tiny-map',
  variant,
});

/** Pools. */
export const pool: Suite = {
  id: 'pool',
  title: 'Pools',
  about:
    'The same functions through a pool of workers that is warm, tasks submitted one by one unless it ' +
    'says otherwise. python-shell, pyodide and node-calls-python have no pool: theirs is the least that ' +
    'gives a task to the worker that has the fewest.',
  cases: [
    primes('equal', 1, '16 equal CPU-bound tasks, one worker'),
    ...(CORES > 1
      ? [
          primes('equal', CORES, `16 equal CPU-bound tasks, ${CORES} workers`),
          primes('uneven', CORES, `13 uneven CPU-bound tasks, ${CORES} workers`, {
            headline: true,
            takesMs: 140,
          }),
        ]
      : []),
    {
      id: 'tiny',
      title: '100,000 tiny tasks',
      measure: 'work',
      checkedOperations: 100_000,
      rounds: 5,
      headline: true,
      takesMs: 250,
      entries: [
        mapped('multicore', node('multicore'), 'pool.map'),
        mapped('process-pool', PROCESSES, 'map, chunks of 256'),
        ...entries('tiny', CORES, { slow: SECONDS_A_SAMPLE }),
      ],
    },
    {
      id: 'warm',
      title: 'one tiny task through a warm pool',
      measure: 'time',
      headline: true,
      checkedOperations: 1,
      entries: entries('warm', CORES),
    },
    latency('p50'),
    latency('p99'),
    {
      id: 'start',
      title: `a pool of ${CORES} workers that all have answered, and its end`,
      measure: 'time',
      headline: true,
      takesMs: 110,
      checkedOperations: 1,
      entries: [
        ...entries('start', CORES, {
          without: ['node-calls-python'],
          slow: { pyodide: 'seconds to start' },
        }),
        {
          contender: 'process-pool',
          program: PROCESSES,
          workload: 'start-forkserver',
          variant: `${CORES} processes, forkserver`,
          slow: 'a variant of the one above',
        },
      ],
      note:
        'A fork has what its parent imported before. It must not have threads, which every program ' +
        'inside Node has: CPython 3.14 makes forkserver the default for that reason.',
    },
    {
      id: 'worker-memory',
      title: 'memory of one more worker',
      measure: 'memory',
      checkedOperations: 4,
      rounds: 3,
      entries: entries('worker-memory', 4, { without: ['node-calls-python'] }),
    },
  ],
};
