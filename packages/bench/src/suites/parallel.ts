// The suite of CPU-bound Python on several cores.

import { availableParallelism } from 'node:os';
import type { Case, Entry, Program, Suite } from '../method/model.js';

const CORES = Math.min(8, 2 ** Math.floor(Math.log2(availableParallelism())));

/** Strong scaling: 2, 4, … up to all cores. */
const COUNTS = [2, 4, 8].filter((count) => count <= CORES);

const node = (module: string): Program => ({ kind: 'node', module: `parallel/${module}` });
const pools = (kind: string): Program => ({
  kind: 'python',
  script: 'parallel_pools.py',
  args: [kind],
});

function entries(kind: string, count: number, contenders: readonly string[]): Entry[] {
  const programs: Readonly<Record<string, Program>> = {
    multicore: node('multicore'),
    'process-pool': pools('processes'),
    threads: pools('threads'),
    piscina: node('piscina'),
    pyodide: node('pyodide'),
    'node-calls-python': node('node-calls-python'),
  };
  const what: Readonly<Record<string, string>> = {
    multicore: 'interpreters',
    'process-pool': 'processes',
    threads: 'threads, one GIL',
    piscina: 'Workers with a Python child each',
    pyodide: 'Workers',
    'node-calls-python': 'calls in flight, one GIL',
  };
  return contenders.map((contender) => ({
    contender,
    program: programs[contender] as Program,
    workload: `${kind}-${count}`,
    variant: `${count} ${what[contender]}`,
    ...(contender === 'pyodide' ? { slow: 'seconds to start' } : {}),
  }));
}

const ALL = ['multicore', 'process-pool', 'threads', 'piscina', 'pyodide', 'node-calls-python'];

function work(kind: string, count: number, title: string, more: Partial<Case> = {}): Case {
  // pyodide's and node-calls-python's programs have two workers at most, and one GIL shows in the other cases.
  const contenders = count > 2 || kind === 'weak' ? ALL.slice(0, 4) : ALL;
  return {
    id: `${kind}-${count}`,
    title,
    measure: 'work',
    checkedOperations: 1,
    rounds: 7,
    entries: entries(kind, count, contenders),
    ...more,
  };
}

/** The same work on one and on all cores. */
export const parallel: Suite = {
  id: 'parallel',
  title: 'Parallel',
  about:
    'Counting primes in pure Python, in tasks that are handed to whoever is free. Workers are warm: ' +
    'starting them is in another suite.',
  cases: [
    work('equal', 1, '16 equal tasks, one worker'),
    ...(CORES > 1
      ? [
          ...COUNTS.map((count) =>
            work('equal', count, `16 equal tasks, ${count} workers`, {
              headline: count === CORES,
              takesMs: 170,
            }),
          ),
          work('uneven', CORES, `13 uneven tasks, ${CORES} workers`),
          work('weak', CORES, `${16 * CORES} equal tasks, ${CORES} workers (weak scaling)`, {
            note: 'As much work for each worker as one has in the first case: ideally the same time.',
          }),
        ]
      : []),
    {
      id: 'tiny',
      title: `tasks that do next to nothing, ${CORES} workers`,
      measure: 'rate',
      checkedOperations: 256,
      headline: true,
      entries: [
        ...entries('tiny', CORES, ['multicore', 'process-pool', 'piscina']),
        {
          contender: 'process-pool',
          program: pools('processes'),
          workload: `tiny-chunked-${CORES}`,
          variant: `${CORES} processes, chunks of 256`,
        },
      ],
    },
  ],
};
