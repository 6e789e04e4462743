// The suite of networks of communicating processes.

import { type Case, type Entry, type Program, REFERENCE, type Suite } from '../method/model.js';

const PROGRAMS = {
  multicore: { kind: 'node', module: 'csp/multicore' },
  threads: { kind: 'python', script: 'csp_threads.py' },
  'python-csp': { kind: 'python', script: 'csp_python_csp.py' },
  node: { kind: 'node', module: 'csp/generators' },
  go: { kind: 'native', name: 'go' },
  'go-threads': { kind: 'native', name: 'go' },
} as const satisfies Record<string, Program>;

/** In JavaScript, or in both languages. */
const OTHERS: Program = { kind: 'node', module: 'csp/javascript' };

function network(
  id: string,
  title: string,
  contenders: readonly (keyof typeof PROGRAMS)[],
  note: string,
  more: {
    /** Workloads of other programs than those in Python. */
    readonly others?: { readonly ours: string; readonly theirs: string };
    readonly headline?: boolean;
  } = {},
): Case {
  const { others, headline = false } = more;
  return {
    id,
    title,
    note,
    measure: 'time',
    sampleMs: 150,
    checkedOperations: 64,
    headline,
    entries: contenders.map((contender): Entry => {
      if (contender === REFERENCE && others !== undefined)
        return { contender, program: OTHERS, workload: others.ours };
      const workload = others?.theirs ?? id;
      return {
        contender,
        program: PROGRAMS[contender],
        workload: contender === 'go-threads' ? `${workload}-locked` : workload,
      };
    }),
  };
}

/** Networks. */
export const csp: Suite = {
  id: 'csp',
  title: 'CSP',
  about:
    'Networks of processes that do nothing but communicate. Go runs them all in one scheduler, ours are interpreters on ' +
    'operating system threads: the limit, not a peer; with a locked thread for each goroutine it does what we do.',
  cases: [
    network(
      'commstime',
      'commstime, one turn of four rendezvous',
      ['multicore', 'threads', 'python-csp', 'go', 'go-threads'],
      'Threads use queue.Queue(1): the standard library has no rendezvous. PyCSP 0.9.2 does not run on Python 3.13.',
      { headline: true },
    ),
    network(
      'commstime-javascript',
      'commstime of JavaScript processes, one turn of four rendezvous',
      ['multicore', 'node', 'go'],
      'Node alone: four plain async generators in a row, which cannot be a cycle.',
      { others: { ours: 'commstime', theirs: 'commstime' } },
    ),
    network(
      'commstime-mixed',
      'commstime, JavaScript and Python by turns, one turn of four rendezvous',
      ['multicore', 'go-threads'],
      'Every rendezvous is between the two languages.',
      { others: { ours: 'commstime-mixed', theirs: 'commstime' } },
    ),
    network(
      'ring-100',
      'a token in a ring of 100 processes, one hop',
      ['multicore', 'go', 'go-threads'],
      'Rendezvous; a hundred interpreters, goroutines or threads, made beforehand.',
    ),
    network(
      'ring-100-javascript',
      'a token in a ring of 100 JavaScript processes, one hop',
      ['multicore', 'node', 'go'],
      'Node alone: a hundred plain async generators in a row.',
      { others: { ours: 'ring-100', theirs: 'ring-100' } },
    ),
    network(
      'ring',
      'a token in a ring of four, one hop',
      ['multicore', 'threads', 'go'],
      'Capacity 1.',
      { headline: true },
    ),
    network('select', 'select from two full channels', ['multicore', 'go'], 'Capacity 64.'),
    network('select-4', 'select from four full channels', ['multicore', 'go'], 'Capacity 64.'),
    network(
      'select-4-javascript',
      'alt of four full channels, in JavaScript',
      ['multicore', 'go'],
      'Capacity 64.',
      { others: { ours: 'select-4', theirs: 'select-4' } },
    ),
  ],
};
