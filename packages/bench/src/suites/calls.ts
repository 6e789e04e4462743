// The suite of calls from Node into Python.

import type { Case, Entry, Suite } from '../method/model.js';

const SYNC = ['multicore', 'node-calls-python', 'pymport', 'pyodide'] as const;
const REQUESTS = 'platformatic-python-node';

function entry(contender: string, module: string = contender, variant?: string): Entry {
  const program = { kind: 'node', module: `calls/${module}` } as const;
  return variant === undefined ? { contender, program } : { contender, program, variant };
}

const request: Entry = entry(REQUESTS, 'platformatic', 'ASGI request');

function sync(id: string, title: string, more: Partial<Case> = {}, requests = false): Case {
  return {
    id,
    title,
    measure: 'time',
    checkedOperations: 64,
    entries: [...SYNC.map((contender) => entry(contender)), ...(requests ? [request] : [])],
    ...more,
  };
}

function async_(flight: number, more: Partial<Case> = {}): Case {
  return {
    id: `async-${flight}`,
    title: `asynchronous call, ${flight} in flight`,
    measure: 'time',
    checkedOperations: 64,
    entries: [
      entry('multicore'),
      entry('node-calls-python'),
      entry('pymport'),
      entry('pyodide', 'pyodide-worker', 'in a Worker'),
      entry('pythonia'),
      entry('python-shell'),
      request,
    ],
    ...more,
  };
}

/** Calls: one after the other and several in flight. */
export const calls: Suite = {
  id: 'calls',
  title: 'Calls',
  about: 'One function of Python code called from Node: what the call costs, not the function.',
  cases: [
    sync('sync-small', 'synchronous call, small ints', { headline: true }, true),
    sync('sync-fresh', 'synchronous call, a new float as result', {
      note: 'pymport keeps an object that it has seen before, and the small ints of the case above always are.',
    }),
    sync('sync-kwargs', 'synchronous call, keyword arguments'),
    sync('sync-exception', 'synchronous call that raises', { headline: true }),
    async_(1, { headline: true }),
    async_(8),
    async_(64, { headline: true }),
  ],
};
