// Matrix multiplication on a systolic grid: a process for each place of the result. Rows of one matrix
// travel to the right, columns of the other down; each process multiplies what meets in it.

import { channel, type Receiver, type Sender } from '@multicore-python/channels';
import { javascript, type Process, par } from '@multicore-python/csp';
import { type Choose, chooser, fromModule, type Language } from './language.js';

export type Matrix = readonly (readonly number[])[];

/** Multiplies. */
export function multiply(language: Language, a: Matrix, b: Matrix): Process<number[][]> {
  const choose = chooser(language);
  const [rows, columns, depth] = [a.length, b[0]?.length ?? 0, b.length];
  // A wire more than places in each direction: the last one leads nowhere, and keeps what comes.
  const wires = (count: number, length: number, letter: string) =>
    Array.from({ length: count }, (_, line) =>
      Array.from({ length: length + 1 }, (_, place) =>
        channel<number>({
          name: `${letter}${line},${place}`,
          capacity: place === length ? depth : 0,
        }),
      ),
    );
  const right = wires(rows, columns, 'right ');
  const down = wires(columns, rows, 'down ');
  const sources = [
    ...a.map((row, index) => feed(row, right[index]?.[0]?.sender, `row ${index}`)),
    ...Array.from({ length: columns }, (_, index) =>
      feed(
        b.map((row) => row[index] ?? 0),
        down[index]?.[0]?.sender,
        `column ${index}`,
      ),
    ),
  ];
  const cells = a.flatMap((_, row) =>
    Array.from({ length: columns }, (_, column) =>
      cell(choose, `cell ${row},${column}`, depth, {
        left: right[row]?.[column]?.receiver,
        top: down[column]?.[row]?.receiver,
        right: right[row]?.[column + 1]?.sender,
        bottom: down[column]?.[row + 1]?.sender,
      }),
    ),
  );
  return par(par(...sources), par(...cells)).map(([, sums]) =>
    a.map((_, row) => sums.slice(row * columns, (row + 1) * columns)),
  );
}

interface Wires {
  readonly left: Receiver<number> | undefined;
  readonly top: Receiver<number> | undefined;
  readonly right: Sender<number> | undefined;
  readonly bottom: Sender<number> | undefined;
}

function feed(
  numbers: readonly number[],
  out: Sender<number> | undefined,
  name: string,
): Process<unknown> {
  return javascript(
    async ({ out }) => {
      for (const number of numbers) await out?.send(number);
    },
    { out },
    { name },
  );
}

function cell(choose: Choose, name: string, depth: number, wires: Wires): Process<number> {
  return choose(
    () =>
      javascript(
        async ({ left, top, right, bottom }) => {
          let sum = 0;
          for (let step = 0; step < depth; step += 1) {
            const [x = 0, y = 0] = await Promise.all([left?.receive(), top?.receive()]);
            sum += x * y;
            await Promise.all([right?.send(x), bottom?.send(y)]);
          }
          return sum;
        },
        wires,
        { name },
      ),
    () => {
      const { left, top, right, bottom } = wires;
      return fromModule<number>('matrix:cell', [depth, left, top, right, bottom], name);
    },
  );
}
