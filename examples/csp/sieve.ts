// The sieve of Eratosthenes: a row of filters, each of which keeps the first number it sees, a prime,
// and passes on what that does not divide.

import { channel, type Receiver, type Sender } from '@multicore-python/channels';
import { forever, javascript, type Process, par } from '@multicore-python/csp';
import { type Choose, chooser, fromModule, type Language } from './language.js';

/** Finds the first `count` primes, with a process for each. */
export function sieve(language: Language, count: number): Process<number[]> {
  const choose = chooser(language);
  const first = channel<number>({ name: 'numbers' });
  const filters: Process<number>[] = [];
  let input = first.receiver;
  for (let index = 0; index < count; index += 1) {
    const next = channel<number>({ name: `after ${index + 1}` });
    const isLast = index === count - 1;
    filters.push(filter(choose, index, input, isLast ? null : next.sender));
    input = next.receiver;
  }
  return par(numbers(choose, first.sender), par(...filters)).map(([, primes]) => primes);
}

function numbers(choose: Choose, out: Sender<number>): Process<unknown> {
  return choose<unknown>(
    () => {
      let n = 1;
      return forever(
        javascript(
          async ({ out }) => {
            n += 1;
            await out.send(n);
          },
          { out },
          { name: 'numbers' },
        ),
      );
    },
    () => fromModule('sieve:numbers', [out], 'numbers'),
  );
}

function filter(
  choose: Choose,
  index: number,
  input: Receiver<number>,
  out: Sender<number> | null,
): Process<number> {
  const name = `filter ${index + 1}`;
  return choose(
    () =>
      javascript(
        async ({ input, out }) => {
          const prime = await input.receive();
          // The last one needs no more: so those before it end one after the other.
          if (out === null) input.close();
          else await passOn(prime, input, out);
          return prime;
        },
        { input, out },
        { name },
      ),
    () => fromModule<number>('sieve:keep_first', [input, out], name),
  );
}

async function passOn(prime: number, input: Receiver<number>, out: Sender<number>): Promise<void> {
  try {
    for await (const n of input) if (n % prime !== 0) await out.send(n);
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'ERR_CHANNEL_CLOSED') throw error;
    input.close();
  }
}
