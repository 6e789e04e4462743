// The dining philosophers: each needs the fork on the left and the one on the right to eat. If all take
// the left one first they wait for ever, and the network says so. With a footman, who lets one less sit
// down than there are places, they do not.

import { channel, type Receiver, type Sender } from '@multicore-python/channels';
import { javascript, type Process, par } from '@multicore-python/csp';
import { chooser, fromModule, type Language } from './language.js';

const NAMES = ['Plato', 'Zeno', 'Hypatia', 'Diotima', 'Seneca'];

interface Fork {
  readonly take: Receiver<null>;
  readonly put: Sender<null>;
}

interface Place {
  readonly left: Fork;
  readonly right: Fork;
  readonly seats: Fork;
}

/** Dines; gives how many meals each had. `footman: false`: all take the left fork at the same time. */
export function philosophers(
  language: Language,
  { meals, footman }: { readonly meals: number; readonly footman: boolean },
): Process<number[]> {
  const choose = chooser(language);
  // A fork is a channel with one place: it lies there as a message, or somebody has it.
  const forks = NAMES.map((_, index) => tokens(1, `fork ${index + 1}`));
  const seats = tokens(footman ? NAMES.length - 1 : NAMES.length, 'seats');
  const gate = footman ? null : channel<Sender<null>>({ name: 'all have a fork' });
  const diners = NAMES.map((name, index) => {
    const place: Place = {
      left: forks[index] as Fork,
      right: forks[(index + 1) % NAMES.length] as Fork,
      seats,
    };
    const ready = gate?.sender ?? null;
    return choose(
      () =>
        javascript(
          ({ left, right, seats, ready }) => dine(meals, { left, right, seats }, ready),
          { ...place, ready },
          { name },
        ),
      () => {
        const ends = [place.left, place.right, place.seats].flatMap(({ take, put }) => [take, put]);
        return fromModule<number>('philosophers:dine', [meals, ...ends, ready], name);
      },
    );
  });
  const everybody = par(...diners);
  if (gate === null) return everybody;
  return par(everybody, waitForAll(gate.receiver)).map(([eaten]) => eaten);
}

function tokens(count: number, name: string): Fork {
  const { sender, receiver } = channel<null>({ capacity: count, name });
  for (let token = 0; token < count; token += 1) sender.trySend(null);
  return { take: receiver, put: sender };
}

async function dine(
  meals: number,
  { left, right, seats }: Place,
  ready: Sender<Sender<null>> | null,
): Promise<number> {
  for (let eaten = 0; eaten < meals; eaten += 1) {
    await seats.take.receive();
    await left.take.receive();
    if (ready !== null) await meet(ready);
    await right.take.receive();
    // … eats …
    await left.put.send(null);
    await right.put.send(null);
    await seats.put.send(null);
  }
  return meals;
}

/** Says that it has its left fork, and goes on when all have. */
async function meet(ready: Sender<Sender<null>>): Promise<void> {
  using go = channel<null>();
  await ready.send(go.sender);
  // Only who got it can still answer: if that ends, this hears so.
  go.sender.leave();
  await go.receiver.receive();
}

/** Makes sure of the bad luck: nobody takes the right fork before all have the left one. */
function waitForAll(gate: Receiver<Sender<null>>): Process<void> {
  return javascript(
    async ({ gate }) => {
      const waiting: Sender<null>[] = [];
      try {
        while (waiting.length < NAMES.length) waiting.push(await gate.receive());
        for (const go of waiting) await go.send(null);
      } finally {
        // What it received is its own: whoever waits must hear when it ends early.
        for (const go of waiting) go.leave();
      }
    },
    { gate },
    { name: 'bad luck' },
  );
}
