// Runs one of the programs: `node examples/dist/csp/main.js commstime mixed`.

import { readFile, writeFile } from 'node:fs/promises';
import { closeIdleInterpreters, network, type Process } from '@multicore-python/csp';
import { barber } from './barber.js';
import { boundedBuffer } from './buffer.js';
import { commstime } from './commstime.js';
import { LANGUAGES, type Language } from './language.js';
import { mandelbrot } from './mandelbrot.js';
import { multiply } from './matrix.js';
import { philosophers } from './philosophers.js';
import { ring, ringOfCoroutines } from './ring.js';
import { santa } from './santa.js';
import { sieve } from './sieve.js';
import { countWords } from './wordcount.js';

const programs: Readonly<Record<string, (language: Language) => Process<unknown>>> = {
  commstime: (language) =>
    commstime(language, 10_000).map(
      ({ microsecondsPerCommunication: us }) => `${us.toFixed(2)} µs a communication`,
    ),
  sieve: (language) => sieve(language, 20),
  philosophers: (language) => philosophers(language, { meals: 100, footman: true }),
  deadlock: (language) => philosophers(language, { meals: 100, footman: false }),
  santa: (language) => santa(language, { deliveries: 5, consultations: 20 }),
  mandelbrot: (language) => mandelbrot(language, { width: 600, height: 400, iterations: 200 }),
  matrix: (language) => multiply(language, square(4), square(4)),
  wordcount: (language) => countWords(language, text).map((counts) => counts.slice(0, 10)),
  buffer: (language) => boundedBuffer(language, 8, 1000).map(({ mostHeld }) => ({ mostHeld })),
  barber: (language) => barber(language, 3, 10),
  ring: (language) => ring(language, language === 'typescript' ? 100 : 16, 100),
  coroutines: () => ringOfCoroutines(100, 100),
};

const square = (size: number) =>
  Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => row + column),
  );

const [, script = '', name = '', language = 'typescript'] = process.argv;
const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
const isLanguage = (word: string): word is Language =>
  (LANGUAGES as readonly string[]).includes(word);
const text = await readFile(script, 'utf8');

if (program === undefined || !isLanguage(language)) {
  console.error(
    `usage: main.js <program> [language]\n  programs: ${Object.keys(programs).join(' ')}\n  languages: ${LANGUAGES.join(' ')}`,
  );
  process.exitCode = 2;
} else {
  try {
    const result = await network(name).run(program(language));
    if (result instanceof Uint8Array) {
      await writeFile('mandelbrot.png', result);
      console.log(`mandelbrot.png: ${result.length} bytes`);
    } else {
      console.log(result);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
  await closeIdleInterpreters();
}
