// Counting words as map and reduce: mappers count in pieces of a text, reducers add up, each the words
// that are its own.

import { channel, type Receiver, type Sender } from '@multicore-python/channels';
import { javascript, type Process, par } from '@multicore-python/csp';
import { chooser, fromModule, type Language } from './language.js';

type Count = readonly [word: string, count: number];

/** How many mappers and reducers. */
export interface Workers {
  readonly mappers: number;
  readonly reducers: number;
}

/** Counts the words of a text; gives them with their counts, the most frequent first. */
export function countWords(
  language: Language,
  text: string,
  { mappers, reducers }: Workers = { mappers: 2, reducers: 2 },
): Process<Count[]> {
  const choose = chooser(language);
  const pieces = channel<string>({ name: 'pieces', capacity: mappers });
  const counts = Array.from({ length: reducers }, (_, index) =>
    channel<readonly Count[]>({ name: `counts ${index + 1}`, capacity: mappers }),
  );
  const outs = counts.map(({ sender }) => sender);
  return par(
    javascript(
      async ({ out }) => {
        const lines = text.split('\n');
        for (let line = 0; line < lines.length; line += LINES)
          await out.send(lines.slice(line, line + LINES).join('\n'));
      },
      { out: pieces.sender },
      { name: 'cutter' },
    ),
    par(
      ...Array.from({ length: mappers }, (_, index) =>
        choose<unknown>(
          () => mapper(pieces.receiver, outs, `mapper ${index + 1}`),
          () => fromModule('wordcount:map_words', [pieces.receiver, outs], `mapper ${index + 1}`),
        ),
      ),
    ),
    par(
      ...counts.map(({ receiver }, index) =>
        choose(
          () => reducer(receiver, `reducer ${index + 1}`),
          () => fromModule<Count[]>('wordcount:reduce_counts', [receiver], `reducer ${index + 1}`),
        ),
      ),
    ),
  ).map(([, , sums]) =>
    sums.flat().sort(([a, n], [b, m]) => m - n || (a < b ? -1 : Number(a !== b))),
  );
}

const LINES = 20;

function mapper(
  input: Receiver<string>,
  outs: readonly Sender<readonly Count[]>[],
  name: string,
): Process<unknown> {
  return javascript(
    async ({ input, outs }) => {
      for await (const piece of input) {
        const counts = new Map<string, number>();
        for (const [word] of piece.toLowerCase().matchAll(/[a-z]+/g))
          counts.set(word, (counts.get(word) ?? 0) + 1);
        for (const [index, out] of outs.entries())
          await out.send([...counts].filter(([word]) => shareOf(word, outs.length) === index));
      }
    },
    { input, outs },
    { name },
  );
}

/** Whose a word is: the same in both languages. */
function shareOf(word: string, reducers: number): number {
  let sum = 0;
  for (const letter of word) sum += letter.charCodeAt(0);
  return sum % reducers;
}

function reducer(input: Receiver<readonly Count[]>, name: string): Process<Count[]> {
  return javascript(
    async ({ input }) => {
      const sums = new Map<string, number>();
      for await (const counts of input)
        for (const [word, count] of counts) sums.set(word, (sums.get(word) ?? 0) + count);
      return [...sums];
    },
    { input },
    { name },
  );
}
