// `farm`: workers that share the work. In order or as it comes, and never more under way than wanted.

import { channel, type Receiver, type Sender, select, send } from '@multicore-python/channels';
import { MulticoreError, show } from '@multicore-python/core';
import { Composition, runPart } from './composition.js';
import { javascript } from './javascript.js';
import { par } from './par.js';
import type { Process } from './process.js';
import { replicate } from './replicate.js';

/** What a farm is made of. */
export interface Farm<In, Out, Result> {
  /** How many workers. */
  readonly workers: number;
  /** Where the jobs come from: each to one worker. */
  readonly input: Receiver<In>;
  /** Where the results go. */
  readonly output: Sender<Out>;
  /** Makes a worker. */
  readonly worker: (input: Receiver<In>, output: Sender<Out>, index: number) => Process<Result>;
  /**
   * Whether results leave in the order in which their jobs came; then a worker has to send exactly one
   * result for each job. Default: false, as they are ready.
   */
  readonly ordered?: boolean | undefined;
  /**
   * With `ordered`: how many jobs may have been taken whose results have not left, at most. Default:
   * twice the workers. Without, it is as many as there are workers, besides what the channels hold.
   */
  readonly inFlight?: number | undefined;
}

/**
 * Workers that share one input and one output. It ends when the input has; then its output does.
 *
 * @example
 * farm({ workers: 4, input: paths, output: metrics, worker: (jobs, out) => python("metrics:work", [jobs, out]) });
 */
export function farm<In, Out, Result>(options: Farm<In, Out, Result>): Composition<Result[]> {
  const { workers, input, output, worker, ordered = false } = options;
  for (const [name, number] of [
    ['workers', workers],
    ['inFlight', options.inFlight ?? 1],
  ] as const)
    if (!(Number.isSafeInteger(number) && number > 0))
      throw new MulticoreError(
        'ERR_INVALID_ARGUMENT',
        `${name} is ${show(number)}; give a whole number from 1`,
      );
  return ordered
    ? orderedFarm(options)
    : replicate(workers, (index) => worker(input, output, index));
}

function orderedFarm<In, Out, Result>({
  workers,
  input,
  output,
  worker,
  inFlight = workers * 2,
}: Farm<In, Out, Result>): Composition<Result[]> {
  const lines = Array.from({ length: workers }, () => ({
    // Handed over only to a worker that is free.
    jobs: channel<In>(),
    // Room for all its results, so that no worker waits for another one's.
    results: channel<Out>({ capacity: inFlight }),
  }));
  // Which worker has the next job, in their order. A place for each job, but for the one being handed out.
  const turns = channel<number>({ capacity: inFlight });
  const permits = channel<null>({ capacity: inFlight });
  for (let permit = 0; permit < inFlight; permit += 1) permits.sender.trySend(null);

  const hand = javascript(
    async ({ input, turns, permits, jobs }) => {
      for (;;) {
        await permits.receive();
        const next = await input[Symbol.asyncIterator]().next();
        if (next.done === true) return;
        const { index } = await select(jobs.map((each) => send(each, next.value)));
        await turns.send(index);
      }
    },
    {
      input,
      turns: turns.sender,
      permits: permits.receiver,
      jobs: lines.map(({ jobs }) => jobs.sender),
    },
    { name: 'farm: hand out' },
  );
  const gather = javascript(
    async ({ output, turns, permits, results }) => {
      for await (const index of turns) {
        const result = await results[index]?.receive();
        await output.send(result as Out);
        permits.trySend(null);
      }
    },
    {
      output,
      turns: turns.receiver,
      permits: permits.sender,
      // Held, so that permits can be given back when nobody takes them any more.
      taken: permits.receiver,
      results: lines.map(({ results }) => results.receiver),
    },
    { name: 'farm: gather' },
  );
  const all = par(
    hand,
    gather,
    replicate(workers, (index) => {
      const line = lines[index];
      if (line === undefined) throw new RangeError('no such worker');
      return worker(line.jobs.receiver, line.results.sender, index);
    }),
  );
  return new Composition<Result[]>(`farm of ${workers}`, [all], async (_, context) => {
    const [, , results] = await runPart(all, context);
    return results;
  });
}
