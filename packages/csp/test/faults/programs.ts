// The programs that are put to the test, small enough to run a thousand times, with what each gives
// when nothing goes wrong.

import type { Process } from '@multicore-python/csp';
import { barber } from '../../../../examples/csp/barber.js';
import { boundedBuffer } from '../../../../examples/csp/buffer.js';
import { commstime } from '../../../../examples/csp/commstime.js';
import type { Language } from '../../../../examples/csp/language.js';
import { mandelbrot } from '../../../../examples/csp/mandelbrot.js';
import { multiply } from '../../../../examples/csp/matrix.js';
import { philosophers } from '../../../../examples/csp/philosophers.js';
import { ring } from '../../../../examples/csp/ring.js';
import { santa } from '../../../../examples/csp/santa.js';
import { sieve } from '../../../../examples/csp/sieve.js';
import { countWords } from '../../../../examples/csp/wordcount.js';

/** Makes a program. */
export type Make = (language: Language) => Process<unknown>;

const MATRIX = [
  [1, 2],
  [3, 4],
];

export const programs: Readonly<Record<string, Make>> = {
  commstime: (language) => commstime(language, 200),
  sieve: (language) => sieve(language, 4),
  philosophers: (language) => philosophers(language, { meals: 20, footman: true }),
  deadlock: (language) => philosophers(language, { meals: 5, footman: false }),
  santa: (language) => santa(language, { deliveries: 2, consultations: 6 }),
  mandelbrot: (language) => mandelbrot(language, { width: 24, height: 12, iterations: 200 }),
  matrix: (language) => multiply(language, MATRIX, MATRIX),
  wordcount: (language) => countWords(language, 'to be or not to be\n'.repeat(200)),
  buffer: (language) => boundedBuffer(language, 4, 100),
  barber: (language) => barber(language, 2, 4),
  ring: (language) => ring(language, 6, 20),
};
