// A token ring: processes in a circle, each of which passes a token on. In Python with an interpreter
// for each process, or, as coroutines, with all of them in one.

import { channel, type Receiver, type Sender } from '@multicore-python/channels';
import { javascript, type Process, par } from '@multicore-python/csp';
import { type Choose, chooser, fromModule, type Language } from './language.js';

/** Sends a token around; gives how often it was passed on. */
export function ring(language: Language, processes: number, rounds: number): Process<number> {
  const choose = chooser(language);
  const wires = Array.from({ length: processes }, (_, index) =>
    channel<number>({ name: `wire ${index}` }),
  );
  const nodes = wires.map(({ receiver }, index) => {
    const { sender } = wires[(index + 1) % processes] ?? { sender: undefined };
    if (sender === undefined) throw new RangeError('a ring has at least one process');
    return node(choose, index, rounds, receiver, sender);
  });
  return par(...nodes).map(([passes = 0]) => passes);
}

function node(
  choose: Choose,
  index: number,
  rounds: number,
  input: Receiver<number>,
  out: Sender<number>,
): Process<number> {
  const name = `node ${index}`;
  const isFirst = index === 0;
  return choose(
    () =>
      javascript(
        async ({ input, out }) => {
          let passes = 0;
          if (isFirst) await out.send(1);
          for (let round = 0; round < rounds; round += 1) {
            passes = await input.receive();
            const isLast = isFirst && round === rounds - 1;
            if (!isLast) await out.send(passes + 1);
          }
          return passes;
        },
        { input, out },
        { name },
      ),
    () => fromModule<number>('ring:node', [isFirst, rounds, input, out], name),
  );
}

/** The same with coroutines of one interpreter, which talk through channels too. */
export function ringOfCoroutines(processes: number, rounds: number): Process<number> {
  return fromModule<number>('ring:coroutines', [processes, rounds], 'ring');
}
