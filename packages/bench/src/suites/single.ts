// The suite of single-threaded speed: the same programs inside and outside.

import type { Case, Suite } from '../method/model.js';
import { PROGRAMS } from '../programs/single/programs.js';

/** Three kinds: numbers, objects, C code. */
const HEADLINES: readonly string[] = ['nbody', 'richards', 'json'];

/** Single-threaded speed. */
export const single: Suite = {
  id: 'single',
  title: 'Single thread',
  about:
    'Programs in the spirit of pyperformance inside an interpreter with its own GIL, against the executable of the same CPython.',
  cases: PROGRAMS.map(
    (id): Case => ({
      id,
      title: id,
      measure: 'time',
      // As many on each of two or four cores, and forwards as often as backwards there.
      rounds: 16,
      sampleMs: 70,
      cores: 'in-turn',
      processes: 4,
      headline: HEADLINES.includes(id),
      checkedOperations: 1,
      entries: [
        { contender: 'multicore', program: { kind: 'node', module: 'single/multicore' } },
        { contender: 'python', program: { kind: 'python', script: 'single_programs.py' } },
        {
          contender: 'pyodide',
          program: { kind: 'node', module: 'single/pyodide' },
          slow: 'seconds to start',
        },
      ],
    }),
  ),
};
