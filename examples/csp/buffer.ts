// The bounded buffer, as a process: it takes while it has room and gives while it has something, so
// that producers and consumers need not keep the same pace.

import {
  alternate,
  channel,
  javascript,
  type Process,
  par,
  type Receiver,
  type Sender,
  send,
  when,
} from '@multicore-python/csp';
import { type Choose, chooser, fromModule, type Language } from './language.js';

/** What came through, and how full the buffer was at most. */
export interface Buffered {
  readonly received: readonly number[];
  readonly mostHeld: number;
}

/** Sends `count` numbers through a buffer of `size` places. */
export function boundedBuffer(language: Language, size: number, count: number): Process<Buffered> {
  const choose = chooser(language);
  const input = channel<number>({ name: 'in' });
  const output = channel<number>({ name: 'out' });
  return par(
    choose<unknown>(
      () =>
        javascript(
          async ({ out }) => {
            for (let n = 0; n < count; n += 1) await out.send(n);
          },
          { out: input.sender },
          { name: 'producer' },
        ),
      () => fromModule('buffer:produce', [count, input.sender], 'producer'),
    ),
    buffer(choose, size, input.receiver, output.sender),
    choose<readonly number[]>(
      () =>
        javascript(
          async ({ input }) => {
            const all: number[] = [];
            for await (const n of input) all.push(n);
            return all;
          },
          { input: output.receiver },
          { name: 'consumer' },
        ),
      () => fromModule('buffer:consume', [output.receiver], 'consumer'),
    ),
  ).map(([, mostHeld, received]) => ({ received, mostHeld }));
}

function buffer(
  choose: Choose,
  size: number,
  input: Receiver<number>,
  out: Sender<number>,
): Process<number> {
  return choose(
    () =>
      javascript(
        async ({ input, out }) => {
          const held: number[] = [];
          let mostHeld = 0;
          const events = alternate({
            put: () => when(held.length < size, input),
            take: () => when(held.length > 0, send(out, held[0] ?? 0)),
          });
          for await (const event of events) {
            if (event.name === 'take') held.shift();
            else if (event.done) break;
            else held.push(event.value);
            mostHeld = Math.max(mostHeld, held.length);
          }
          for (const n of held) await out.send(n);
          return mostHeld;
        },
        { input, out },
        { name: 'buffer' },
      ),
    () => fromModule<number>('buffer:hold', [size, input, out], 'buffer'),
  );
}
