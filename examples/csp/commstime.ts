// commstime: four processes in a ring that counts, the usual measure of what a communication costs.
//
//   prefix ──a──▶ delta ──d──▶ consume
//     ▲             │c
//     └──b── successor

import { channel } from '@multicore-python/channels';
import { forever, javascript, type Process, par } from '@multicore-python/csp';
import { chooser, fromModule, type Language } from './language.js';

/** What was counted, and how long it took. */
export interface CommsTime {
  readonly numbers: readonly number[];
  readonly microsecondsPerCommunication: number;
}

/** Counts up to `count`. */
export function commstime(language: Language, count: number): Process<CommsTime> {
  const choose = chooser(language);
  const a = channel<number>({ name: 'a' });
  const b = channel<number>({ name: 'b' });
  const c = channel<number>({ name: 'c' });
  const d = channel<number>({ name: 'd' });

  const prefix = choose<unknown>(
    () => {
      let isFirst = true;
      return forever(
        javascript(
          async ({ input, out }) => {
            await out.send(isFirst ? 0 : await input.receive());
            isFirst = false;
          },
          { input: b.receiver, out: a.sender },
          { name: 'prefix' },
        ),
      );
    },
    () => fromModule('commstime:prefix', [0, b.receiver, a.sender], 'prefix'),
  );
  const delta = choose<unknown>(
    () =>
      forever(
        javascript(
          async ({ input, left, right }) => {
            const n = await input.receive();
            await left.send(n);
            await right.send(n);
          },
          { input: a.receiver, left: c.sender, right: d.sender },
          { name: 'delta' },
        ),
      ),
    () => fromModule('commstime:delta', [a.receiver, c.sender, d.sender], 'delta'),
  );
  const successor = choose<unknown>(
    () =>
      forever(
        javascript(
          async ({ input, out }) => out.send((await input.receive()) + 1),
          { input: c.receiver, out: b.sender },
          { name: 'successor' },
        ),
      ),
    () => fromModule('commstime:successor', [c.receiver, b.sender], 'successor'),
  );
  const consume = choose<CommsTime>(
    () =>
      javascript(
        async ({ input }) => {
          const numbers = [await input.receive()];
          const start = performance.now();
          while (numbers.length < count) numbers.push(await input.receive());
          const seconds = (performance.now() - start) / 1000;
          // The ring goes on for ever: the end of one channel ends it, process by process.
          input.close();
          return timed(numbers, seconds);
        },
        { input: d.receiver },
        { name: 'consume' },
      ),
    () =>
      par(fromModule<[number[], number]>('commstime:consume', [count, d.receiver], 'consume')).map(
        ([[numbers, seconds]]) => timed(numbers, seconds),
      ),
  );
  return par(prefix, delta, successor, consume).map(([, , , result]) => result);
}

function timed(numbers: readonly number[], seconds: number): CommsTime {
  // Each number goes through four channels.
  const communications = Math.max(1, numbers.length - 1) * 4;
  return { numbers, microsecondsPerCommunication: (seconds * 1e6) / communications };
}
