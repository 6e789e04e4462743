// The suite of values that cross between Node and Python.

import type { Case, Suite } from '../method/model.js';

const ALL = ['multicore', 'node-calls-python', 'pymport', 'pyodide', 'python-shell'] as const;
// JSON has no bytes.
const BINARY = ALL.slice(0, 4);

function carry(
  id: string,
  title: string,
  contenders: readonly string[],
  more: Partial<Case> = {},
): Case {
  return {
    id,
    title,
    measure: 'time',
    checkedOperations: 1,
    entries: contenders.map((contender) => ({
      contender,
      program: { kind: 'node', module: `data/${contender}` },
    })),
    ...more,
  };
}

const HEADLINE = { headline: true } as const;
// A few gigabytes a sample.
const HUGE = { rounds: 3 } as const;

/** Memory that is not copied: no peer has it, so the two sizes are what is compared. */
function shared(id: string, title: string, more: Partial<Case> = {}): Case {
  return carry(id, title, ['multicore'], more);
}

/** Memory that moves to another thread and back. */
function moved(size: string, title: string): Case {
  return {
    id: `transfer-${size}`,
    title,
    measure: 'time',
    checkedOperations: 1,
    note: 'Ours moves to Python and back, MessagePort to a Worker and back.',
    entries: ['multicore', 'message-port'].map((contender) => ({
      contender,
      program: { kind: 'node', module: `data/${contender}` },
    })),
  };
}

/** Values, both ways. */
export const data: Suite = {
  id: 'data',
  title: 'Data',
  about:
    'One value as the argument or the result of a synchronous call, converted in full. python-shell carries JSON.',
  cases: [
    carry('to-floats-100k', 'list of 100,000 floats to Python', ALL, { ...HEADLINE, takesMs: 40 }),
    carry('from-floats-100k', 'list of 100,000 floats from Python', ALL, {
      ...HEADLINE,
      takesMs: 40,
    }),
    carry('to-ints-100k', 'list of 100,000 ints to Python', ALL),
    carry('from-ints-100k', 'list of 100,000 ints from Python', ALL),
    carry('to-strings-100k', 'list of 100,000 strings to Python', ALL),
    carry('from-strings-100k', 'list of 100,000 strings from Python', ALL),
    carry('to-dict-100k', 'dict of 100,000 keys to Python', ALL),
    carry('from-dict-100k', 'dict of 100,000 keys from Python', ALL),
    carry('to-nested-64', 'list nested 64 deep to Python', ALL),
    carry('from-nested-64', 'list nested 64 deep from Python', ALL),
    carry('to-rows-1k', 'list of 1,000 rows (int, float, string) to Python', ALL),
    carry('from-rows-1k', 'list of 1,000 tuples (int, float, string) from Python', ALL),
    carry('to-text-1k', 'string of 1,024 characters to Python', ALL),
    carry('from-text-1k', 'string of 1,024 characters from Python', ALL),
    carry('to-bytes-1k', '1 KB of bytes to Python', BINARY),
    carry('from-bytes-1k', '1 KB of bytes from Python', BINARY),
    carry('to-bytes-1m', '1 MB of bytes to Python', BINARY, HEADLINE),
    carry('from-bytes-1m', '1 MB of bytes from Python', BINARY),
    carry('to-bytes-64m', '64 MB of bytes to Python', BINARY),
    carry('from-bytes-64m', '64 MB of bytes from Python', BINARY),
    carry('to-bytes-1g', '1 GB of bytes to Python', BINARY.slice(0, 3), HUGE),
    carry('from-bytes-1g', '1 GB of bytes from Python', BINARY.slice(0, 3), HUGE),
    shared('view-to-1k', 'view of 1 KB to Python (SharedArrayBuffer)'),
    shared('view-to-1g', 'view of 1 GB to Python (SharedArrayBuffer)'),
    shared('view-from-1k', 'view of 1 KB from Python (memoryview)'),
    shared('view-from-1g', 'view of 1 GB from Python (memoryview)'),
    moved('1k', 'transfer of 1 KB, there and back'),
    moved('1g', 'transfer of 1 GB, there and back'),
    carry('to-doubles-100k', 'Float64Array of 100,000 to Python', BINARY, {
      note: 'What arrives differs: bytes, a bytearray or a memoryview of doubles.',
    }),
    carry('from-doubles-100k', 'memoryview of 100,000 doubles from Python', BINARY, {
      note: 'What arrives differs: a view of the same memory, a typed array or a buffer with a copy.',
    }),
  ],
};
