// The suite of networks of communicating processes.

import type { Case, Program, Suite } from '../method/model.js';

const PROGRAMS = {
  multicore: { kind: 'node', module: 'csp/multicore' },
  threads: { kind: 'python', script: 'csp_threads.py' },
  go: { kind: 'native', name: 'go' },
} as const satisfies Record<string, Program>;

function network(
  id: string,
  title: string,
  contenders: readonly (keyof typeof PROGRAMS)[],
  note: string,
): Case {
  return {
    id,
    title,
    note,
    measure: 'time',
    sampleMs: 150,
    checkedOperations: 64,
    entries: contenders.map((contender) => ({ contender, program: PROGRAMS[contender] })),
  };
}

/** Networks. */
export const csp: Suite = {
  id: 'csp',
  title: 'CSP',
  about:
    'Networks of processes that do nothing but communicate. Go runs them all in one scheduler, ours are interpreters on ' +
    'operating system threads: the limit, not a peer.',
  cases: [
    network(
      'commstime',
      'commstime, one turn of four rendezvous',
      ['multicore', 'threads', 'go'],
      'Threads use queue.Queue(1): the standard library has no rendezvous.',
    ),
    network(
      'ring',
      'a token in a ring of four, one hop',
      ['multicore', 'threads', 'go'],
      'Capacity 1.',
    ),
    network('select', 'select from two full channels', ['multicore', 'go'], 'Capacity 64.'),
  ],
};
