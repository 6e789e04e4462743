// Networks of a common shape: the same process several times, a pipeline. Farms are in farm.ts.

import {
  type ChannelOptions,
  channel,
  type Receiver,
  type Sender,
} from '@multicore-python/channels';
import type { Composition } from './composition.js';
import { par } from './par.js';
import type { Process } from './process.js';

/**
 * The same process several times, in parallel.
 *
 * @example
 * await replicate(4, (index) => python("worker:run", [jobs, results], { name: `worker ${index}` }));
 */
export function replicate<Result>(
  count: number,
  make: (index: number) => Process<Result>,
): Composition<Result[]> {
  return par(...Array.from({ length: count }, (_, index) => make(index)));
}

/** The first process of a pipeline. */
export type Source<T> = (output: Sender<T>) => Process<unknown>;
/** A process in the middle of a pipeline. */
export type Stage<In, Out> = (input: Receiver<In>, output: Sender<Out>) => Process<unknown>;
/** The last process of a pipeline. */
export type Sink<T> = (input: Receiver<T>) => Process<unknown>;

/**
 * Processes in a row, each with a channel to the next.
 *
 * @example
 * await pipeline(
 *   (out: Sender<string>) => javascript(readLines, { out }),
 *   (input, out: Sender<number>) => python("score:lines", [input, out]),
 *   (input) => javascript(async ({ input }) => { for await (const score of input) report(score); }, { input }),
 * );
 */
export function pipeline<A>(source: Source<A>, sink: Sink<A>): Composition<unknown[]>;
export function pipeline<A, B>(
  source: Source<A>,
  stage: Stage<A, B>,
  sink: Sink<B>,
): Composition<unknown[]>;
export function pipeline<A, B, C>(
  source: Source<A>,
  first: Stage<A, B>,
  second: Stage<B, C>,
  sink: Sink<C>,
): Composition<unknown[]>;
export function pipeline<A, B, C, D>(
  source: Source<A>,
  first: Stage<A, B>,
  second: Stage<B, C>,
  third: Stage<C, D>,
  sink: Sink<D>,
): Composition<unknown[]>;
export function pipeline(
  ...stages: readonly ((...ends: never[]) => Process<unknown>)[]
): Composition<unknown[]> {
  const options: ChannelOptions = { capacity: PIPE_CAPACITY };
  const pipes = stages.slice(1).map(() => channel(options));
  return par(
    ...stages.map((stage, index) => {
      const input = pipes[index - 1]?.receiver;
      const output = pipes[index]?.sender;
      // The overloads make sure that each takes what it gets here.
      return stage(...([input, output].filter((end) => end !== undefined) as never[]));
    }),
  );
}

// Enough to keep neighbours from waiting for each other at every message.
const PIPE_CAPACITY = 16;
