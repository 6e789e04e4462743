// The suite of channels: Python to Python, Python and Node, Node to Node.

import type { Case, Entry, Measure, Program, Suite } from '../method/model.js';

const PROGRAMS = {
  multicore: { kind: 'node', module: 'channels/multicore' },
  interpqueues: { kind: 'python', script: 'channels_interpreters.py', args: ['queues'] },
  interpchannels: { kind: 'python', script: 'channels_interpreters.py', args: ['channels'] },
  'concurrent-interpreters': { kind: 'python', script: 'channels_concurrent.py' },
  'mp-queue': { kind: 'python', script: 'channels_processes.py', args: ['queue'] },
  'mp-pipe': { kind: 'python', script: 'channels_processes.py', args: ['pipe'] },
  threads: { kind: 'python', script: 'channels_threads.py' },
  'message-port': { kind: 'node', module: 'channels/message-port' },
  crossbeam: { kind: 'native', name: 'crossbeam' },
  go: { kind: 'native', name: 'go' },
} as const satisfies Record<string, Program>;

type Name = keyof typeof PROGRAMS;

const VARIANTS: Partial<Record<string, string>> = {
  'interpchannels int-64': 'unbounded: they have no capacity',
  'interpchannels text-64': 'unbounded',
  'interpchannels tuple-64': 'unbounded',
  'interpchannels bytes-64': 'unbounded',
  'mp-pipe int-64': 'the buffer of the system',
  'threads int-64': 'queue.Queue',
  'threads int-unbounded': 'queue.SimpleQueue',
  'threads round-trip': 'queue.SimpleQueue',
  'threads round-trip-bytes': 'queue.SimpleQueue',
  'message-port node-to-python': 'to a Worker',
  'message-port python-to-node': 'from a Worker',
  'message-port node-to-python-text': 'to a Worker',
  'message-port python-to-node-text': 'from a Worker',
  'message-port node-to-python-bytes': 'to a Worker',
  'message-port python-to-node-bytes': 'from a Worker',
  'message-port node-round-trip': 'a Worker',
};

function entry(contender: Name, id: string, workload?: string, variant?: string): Entry {
  const shown = variant ?? VARIANTS[`${contender} ${id}`];
  return {
    contender,
    program: PROGRAMS[contender],
    ...(workload === undefined ? {} : { workload }),
    ...(shown === undefined ? {} : { variant: shown }),
  };
}

function compare(
  id: string,
  title: string,
  measure: Measure,
  names: readonly Name[],
  more: Partial<Case> = {},
): Case {
  return {
    id,
    title,
    measure,
    checkedOperations: 64,
    entries: names.map((name) => entry(name, id)),
    ...more,
  };
}

const BETWEEN = [
  'multicore',
  'interpqueues',
  'interpchannels',
  'concurrent-interpreters',
  'mp-queue',
  'mp-pipe',
  'threads',
] as const;

// Setting up the two sides of a run costs up to 100 µs: samples must be long enough for that not to count.
const LONG = { sampleMs: 150 } as const;

/** Channels: throughput and round trips. */
export const channels: Suite = {
  id: 'channels',
  title: 'Channels',
  about:
    'One side sends, the other receives, each in an interpreter (or process, thread, Worker) of its own. ' +
    'crossbeam and Go move bare integers between native threads: the limit, not a peer.',
  cases: [
    compare(
      'int-64',
      'Python to Python, ints, capacity 64',
      'rate',
      [...BETWEEN, 'crossbeam', 'go'],
      { ...LONG, headline: true },
    ),
    compare(
      'round-trip',
      'round trip Python to Python and back',
      'time',
      [...BETWEEN, 'crossbeam', 'go'],
      { ...LONG, headline: true, checkedOperations: 8 },
    ),
    compare(
      'round-trip-rendezvous',
      'round trip Python to Python and back, rendezvous',
      'time',
      ['multicore', 'crossbeam', 'go'],
      { ...LONG, checkedOperations: 8 },
    ),
    compare(
      'round-trip-bytes',
      'round trip Python to Python and back, 1 KB of bytes',
      'time',
      ['multicore', 'interpqueues', 'interpchannels', 'mp-queue', 'mp-pipe', 'threads'],
      { ...LONG, checkedOperations: 8 },
    ),
    compare(
      'int-rendezvous',
      'Python to Python, ints, rendezvous',
      'rate',
      ['multicore', 'crossbeam', 'go'],
      LONG,
    ),
    compare(
      'int-1',
      'Python to Python, ints, capacity 1',
      'rate',
      ['multicore', 'interpqueues', 'threads', 'crossbeam', 'go'],
      { ...LONG, checkedOperations: 8 },
    ),
    compare(
      'int-unbounded',
      'Python to Python, ints, unbounded',
      'rate',
      [
        'multicore',
        'interpqueues',
        'interpchannels',
        'concurrent-interpreters',
        'mp-queue',
        'threads',
        'crossbeam',
      ],
      LONG,
    ),
    compare(
      'int-64-4x4',
      '4 senders and 4 receivers on one channel, capacity 64',
      'rate',
      ['multicore', 'threads', 'crossbeam', 'go'],
      LONG,
    ),
    compare(
      'text-64',
      'Python to Python, strings of 100 characters, capacity 64',
      'rate',
      BETWEEN,
      LONG,
    ),
    compare('tuple-64', 'Python to Python, tuples of 3, capacity 64', 'rate', BETWEEN, LONG),
    compare('bytes-64', 'Python to Python, 1 KB of bytes, capacity 64', 'rate', BETWEEN, LONG),
    compare(
      'megabyte-8',
      'Python to Python, 1 MB of bytes, capacity 8',
      'rate',
      ['multicore', 'interpqueues', 'mp-queue', 'mp-pipe', 'threads'],
      {
        ...LONG,
        checkedOperations: 8,
        note: 'Threads of one interpreter pass a reference: nothing is copied.',
      },
    ),
    compare('node-to-python', 'Node to Python, ints', 'rate', ['multicore', 'message-port'], {
      ...LONG,
      headline: true,
      entries: [
        entry('multicore', 'node-to-python', undefined, 'await send()'),
        entry('multicore', 'node-to-python', 'node-to-python-many', 'sendMany()'),
        entry('message-port', 'node-to-python'),
      ],
    }),
    compare('python-to-node', 'Python to Node, ints', 'rate', ['multicore', 'message-port'], {
      ...LONG,
      headline: true,
      entries: [
        entry('multicore', 'python-to-node', undefined, 'await receive()'),
        entry('multicore', 'python-to-node', 'python-to-node-many', 'receiveMany()'),
        entry('message-port', 'python-to-node'),
      ],
    }),
    compare(
      'node-to-python-text',
      'Node to Python, strings of 100 characters',
      'rate',
      ['multicore', 'message-port'],
      LONG,
    ),
    compare(
      'python-to-node-text',
      'Python to Node, strings of 100 characters',
      'rate',
      ['multicore', 'message-port'],
      LONG,
    ),
    compare(
      'node-to-python-bytes',
      'Node to Python, 1 KB of bytes',
      'rate',
      ['multicore', 'message-port'],
      LONG,
    ),
    compare(
      'python-to-node-bytes',
      'Python to Node, 1 KB of bytes',
      'rate',
      ['multicore', 'message-port'],
      LONG,
    ),
    compare(
      'node-round-trip',
      'round trip Node to Python and back',
      'time',
      ['multicore', 'message-port'],
      { ...LONG, headline: true, checkedOperations: 8 },
    ),
    compare(
      'node-to-node',
      'within Node, ints, capacity 64',
      'rate',
      ['multicore', 'message-port'],
      {
        ...LONG,
        note: 'Ours stays on one thread; MessagePort goes to a Worker.',
      },
    ),
  ],
};
