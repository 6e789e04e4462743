// Processes and handles that tests of more than one file put networks together from. No tests here.

import { channel, channels, type Receiver, type Sender } from '@multicore-python/channels';
import { closeIdleInterpreters, javascript, type Network, network } from '@multicore-python/csp';
import { Interpreter } from '@multicore-python/interpreters';

/** Sends 0..count-1. */
export const numbers = (count: number, out: Sender<number>) =>
  javascript(
    async ({ out }) => {
      for (let n = 0; n < count; n += 1) await out.send(n);
    },
    { out },
    { name: 'numbers' },
  );

/** Everything that comes, until nobody sends any more. */
export const collect = <T>(input: Receiver<T>) =>
  javascript(
    async ({ input }) => {
      const all: T[] = [];
      for await (const message of input) all.push(message);
      return all;
    },
    { input },
    { name: 'collect' },
  );

/** Receives from one and sends to the other: two of them, crossed, wait for each other for ever. */
export const crossed = (name: string, input: Receiver<number>, out: Sender<number>) =>
  javascript(
    async ({ input, out }) => {
      const n = await input.receive();
      await out.send(n);
      return n;
    },
    { input, out },
    { name },
  );

/** Two channels to wait for each other at. */
export const pair = () => [channel<number>({ name: 'x' }), channel<number>({ name: 'y' })] as const;

let count = 0;
/** A network under a name that no other of this file has. */
export const fresh = (): Network => {
  count += 1;
  return network(`net ${count}`);
};

/** What a promise is rejected with. */
export const rejection = (running: Promise<unknown>): Promise<unknown> =>
  running.then(
    () => 'it resolved',
    (error: unknown) => error,
  );

/** Names of interpreters, but for the main one, which stays, and of channels that somebody waits at. */
export const leftBehind = async (): Promise<(string | null)[]> => {
  await closeIdleInterpreters();
  const interpreters = Interpreter.list().filter(({ isolation }) => isolation !== 'main');
  const waited = channels().filter(
    ({ waitingReceivers, waitingSenders }) => waitingReceivers + waitingSenders > 0,
  );
  return [...interpreters, ...waited].map(({ name }) => name);
};
