// One run of a program in which something goes wrong at a random moment.

import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { javascript, network, type Process, par, poison } from '@multicore-python/csp';
import { Interpreter } from '@multicore-python/interpreters';
import { pick } from './random.js';

export const FAULTS = ['abort', 'except', 'poison', 'kill', 'interrupt', 'close', 'none'] as const;
export type Fault = (typeof FAULTS)[number];

let runs = 0;

/** Runs; tells how it ended. */
export async function inject(
  program: Process<unknown>,
  fault: Fault,
  random: () => number,
): Promise<string> {
  runs += 1;
  const controller = new AbortController();
  const ends = program.ends;
  const moment = async (): Promise<void> => {
    if (random() < 0.5) for (let turns = random() * 60; turns > 0; turns -= 1) await turn();
    else await sleep(random() * 60);
  };
  const strike = async (): Promise<void> => {
    await moment();
    const others = Interpreter.list().filter(({ name }) => name !== 'main');
    switch (fault) {
      case 'abort':
        return controller.abort(new Error('injected abort'));
      case 'except':
        throw new Error('injected exception');
      case 'poison':
        return poison('injected poison', pick(random, ends));
      case 'close':
        return pick(random, ends).close();
      case 'kill':
        if (others.length > 0) await pick(random, others).close({ timeout: 0 });
        return;
      case 'interrupt':
        if (others.length > 0) pick(random, others).interrupt();
        return;
      case 'none':
    }
  };
  // The fault is a process of the network, and so is not waited for when the program is done sooner.
  const whole = par(program, javascript(strike, {}, { name: 'fault' }));
  const net = network(`faults ${runs}`);
  return await net.run(whole, { signal: controller.signal }).then(
    () => 'done',
    (error: unknown) =>
      (error instanceof Error ? error.message.split('\n', 1)[0] : undefined) ?? '?',
  );
}
