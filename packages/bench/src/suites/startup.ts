// The suite of start-up times and memory.

import type { Entry, Program, Suite } from '../method/model.js';

const node = (module: string): Program => ({ kind: 'node', module: `startup/${module}` });
const extra = (kind: string): Program => ({
  kind: 'python',
  script: 'startup_extra.py',
  args: [kind],
});

const SECONDS = 'seconds to start';

const EXTRA: readonly Entry[] = [
  { contender: 'multicore', program: node('multicore'), variant: 'an interpreter' },
  {
    contender: 'interpqueues',
    program: extra('interpreters'),
    variant: '_interpreters, in Python',
  },
  { contender: 'process-pool', program: extra('processes'), variant: 'a process, spawn' },
  { contender: 'python-shell', program: node('python-shell'), variant: 'a process' },
  { contender: 'pyodide', program: node('pyodide'), variant: 'a Worker', slow: SECONDS },
];

const FIRST = ['multicore', 'node-calls-python', 'pymport', 'pyodide', 'pythonia', 'python-shell'];

/** Start-up and memory. */
export const startup: Suite = {
  id: 'startup',
  title: 'Start-up and memory',
  about:
    'Fresh processes from start to end, and what one more worker costs. Memory is proportional (PSS): ' +
    'what processes share is counted once.',
  cases: [
    {
      id: 'first-result',
      title: 'a fresh process, from start to end, with one result',
      measure: 'process',
      headline: true,
      takesMs: 150,
      entries: [
        ...FIRST.map(
          (contender): Entry => ({
            contender,
            program: node(`first-${contender}`),
            ...(contender === 'pyodide' ? { slow: SECONDS } : {}),
          }),
        ),
        { contender: 'node', program: node('first-node'), variant: 'no Python' },
        {
          contender: 'python',
          program: { kind: 'python', script: 'first_result.py' },
          variant: 'no Node',
        },
      ],
    },
    {
      id: 'extra',
      title: 'one more worker: created, used once, ended',
      measure: 'time',
      headline: true,
      takesMs: 45,
      checkedOperations: 1,
      entries: EXTRA,
    },
    {
      id: 'extra-memory',
      title: 'memory of one more worker',
      measure: 'memory',
      headline: true,
      takesMs: 300,
      checkedOperations: 4,
      rounds: 3,
      entries: EXTRA,
    },
    {
      id: 'extra-resident',
      title: 'memory of one more worker, shared pages counted in each (RSS)',
      measure: 'resident',
      checkedOperations: 4,
      rounds: 3,
      entries: EXTRA.map((entry) => ({ ...entry, workload: 'extra-memory' })),
    },
    {
      id: 'churn',
      title:
        'memory left by each of 500 interpreters that imported json, re, datetime and were ended',
      measure: 'memory',
      checkedOperations: 500,
      rounds: 1,
      entries: EXTRA.slice(0, 2),
    },
  ],
};
