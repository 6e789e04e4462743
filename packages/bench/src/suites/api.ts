// The suite of the Python API: what Python code inside uses, against what CPython has for it.

import type { Entry, Program, Suite } from '../method/model.js';

const PROGRAMS: Readonly<Record<string, Program>> = {
  multicore: { kind: 'node', module: 'api/multicore' },
  'concurrent-interpreters': { kind: 'python', script: 'api_peers.py', args: ['interpreters'] },
  'process-pool': { kind: 'python', script: 'api_peers.py', args: ['processes'] },
};

const entry = (contender: string, variant: string): Entry => ({
  contender,
  program: PROGRAMS[contender] as Program,
  variant,
});

/** Calls and pools, from Python. */
export const api: Suite = {
  id: 'api',
  title: 'Python API',
  about:
    'Python code that uses interpreters and pools with two workers, for a function that does next to nothing. ' +
    'Workers are warm.',
  cases: [
    {
      id: 'call',
      title: 'Interpreter.call(), one after the other',
      measure: 'time',
      checkedOperations: 64,
      headline: true,
      entries: [
        entry('multicore', 'multicore.interpreters'),
        entry('concurrent-interpreters', 'concurrent.interpreters'),
      ],
    },
    {
      id: 'executor-map',
      title: "an executor's map(), chunks of one",
      measure: 'rate',
      checkedOperations: 64,
      headline: true,
      entries: [
        entry('multicore', 'multicore.futures.InterpreterPoolExecutor'),
        entry('concurrent-interpreters', 'InterpreterPoolExecutor'),
        entry('process-pool', 'ProcessPoolExecutor'),
      ],
    },
    {
      id: 'pool-map',
      title: 'Pool.map(), chunks of its own choice',
      measure: 'rate',
      checkedOperations: 256,
      headline: true,
      entries: [
        entry('multicore', 'multicore.compat.Pool'),
        entry('process-pool', 'multiprocessing.Pool'),
      ],
    },
  ],
};
