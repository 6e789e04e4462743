// A farm that draws the Mandelbrot set: a worker a core, a row a job, the rows in order.

import { channel, type Receiver, type Sender } from '@multicore-python/channels';
import { farm, javascript, type Process, par } from '@multicore-python/csp';
import { chooser, fromModule, type Language } from './language.js';
import { encodePng } from './png.js';

/** What to draw. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly iterations: number;
}

/** Draws; gives a PNG file. */
export function mandelbrot(language: Language, picture: Picture, workers = 2): Process<Buffer> {
  const choose = chooser(language);
  const { width, height } = picture;
  const jobs = channel<number>({ name: 'rows' });
  const rows = channel<Uint8Array>({ name: 'pixels', capacity: workers });
  return par(
    javascript(
      async ({ out }) => {
        for (let row = 0; row < height; row += 1) await out.send(row);
      },
      { out: jobs.sender },
      { name: 'rows' },
    ),
    farm({
      workers,
      ordered: true,
      input: jobs.receiver,
      output: rows.sender,
      worker: (input, output, index) =>
        choose<unknown>(
          () => draw(picture, input, output, `artist ${index + 1}`),
          () => {
            const { width, height, iterations } = picture;
            const args = [width, height, iterations, input, output];
            return fromModule('mandelbrot:draw', args, `artist ${index + 1}`);
          },
        ),
    }),
    javascript(
      async ({ input }) => {
        const all: Uint8Array[] = [];
        for await (const row of input) all.push(row);
        return encodePng(width, all);
      },
      { input: rows.receiver },
      { name: 'picture' },
    ),
  ).map(([, , file]) => file);
}

function draw(
  { width, height, iterations }: Picture,
  input: Receiver<number>,
  output: Sender<Uint8Array>,
  name: string,
): Process<unknown> {
  return javascript(
    async ({ input, output }) => {
      for await (const row of input) {
        const y = (2 * row) / height - 1;
        const pixels = new Uint8Array(width);
        for (let column = 0; column < width; column += 1)
          pixels[column] = shade((3 * column) / width - 2, y, iterations);
        await output.send(pixels);
      }
    },
    { input, output },
    { name },
  );
}

function shade(x: number, y: number, iterations: number): number {
  let re = 0;
  let im = 0;
  for (let step = 0; step < iterations; step += 1) {
    const next = re * re - im * im + x;
    im = 2 * re * im + y;
    re = next;
    if (re * re + im * im > 4) return Math.floor((255 * step) / iterations);
  }
  return 255;
}
