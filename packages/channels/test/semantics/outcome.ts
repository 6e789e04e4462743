// What comes of an operation in a state: done, refused, or still waiting.

import { setImmediate as turn } from 'node:timers/promises';
import type { Scene, Side } from './states.js';
import type { State } from './table.js';

/** How an operation is started: without anything, or to be ended by a signal or a time limit. */
export interface Limits {
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** What came of it, as the README's cells say it. Nothing of it is left running. */
export async function outcomeOf(
  scene: Scene,
  side: Side,
  state: State,
  run: (limits: Limits) => string | Promise<string>,
): Promise<string> {
  const before = counts(scene);
  const first = await once(scene, state, run);
  if (state === 'aborted' || state === 'timed out') {
    // Nothing was sent, nothing was taken, nobody waits.
    const after = counts(scene);
    if (after !== before) return `${first}, but ${before} became ${after}`;
  }
  const mayHaveMore = state === 'closed' || state === 'peer gone';
  if (side !== 'receive' || !mayHaveMore || first !== 'message') return first;
  return `${first}, then ${await once(scene, state, run)}`;
}

async function once(
  scene: Scene,
  state: State,
  run: (limits: Limits) => string | Promise<string>,
): Promise<string> {
  const controller = new AbortController();
  const limits: Limits = {
    ...(state === 'aborted' && { signal: controller.signal }),
    ...(state === 'timed out' && { timeout: 1 }),
  };
  let isDone = false;
  const running = Promise.resolve()
    .then(() => run(limits))
    .catch((error: Error) => error.name)
    .finally(() => {
      isDone = true;
    });
  if (state === 'timed out') return await running;
  const waits = async (): Promise<string> => {
    while (!isDone && !somebodyWaits(scene)) await turn();
    return 'waits';
  };
  const first = await Promise.race([running, waits()]);
  if (first !== 'waits') return first;
  if (isDone) return await running;
  if (state === 'aborted') {
    controller.abort();
    return await running;
  }
  scene.channel.poison('the test is over');
  await running;
  return 'waits';
}

function somebodyWaits(scene: Scene): boolean {
  if (!scene.sender.isOpen && !scene.receiver.isOpen) return false;
  const { waitingSenders, waitingReceivers } = scene.channel.stats();
  return waitingSenders + waitingReceivers > 0;
}

function counts(scene: Scene): string {
  const { length, sent, received, waitingSenders, waitingReceivers } = scene.channel.stats();
  return JSON.stringify({ length, sent, received, waitingSenders, waitingReceivers });
}
