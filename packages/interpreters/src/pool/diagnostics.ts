// What tracing tools see: `tracing:multicore:pool:task:*` around each task, `multicore:pool:replace` for
// each interpreter that is replaced. Costs nothing while nobody listens.

import { channel, tracingChannel } from 'node:diagnostics_channel';
import { nameOf } from './callee.js';
import type { Replacement } from './replacement.js';
import type { Task } from './task.js';

/** The message of every `tracing:multicore:pool:task:*` event. */
export interface TaskTrace {
  readonly pool: string;
  /** The function. */
  readonly path: string;
  /** Milliseconds in the queue, once it runs. */
  readonly waited: number | undefined;
  /** The interpreter that runs it or ran it. */
  readonly interpreter: string | undefined;
}

const TASK = 'multicore:pool:task';
const task = tracingChannel<string, TaskTrace>(TASK);
const parts = [task.start, task.end, task.asyncStart, task.asyncEnd, task.error];
const replaced = channel('multicore:pool:replace');

/** Whether anybody wants to know about tasks. */
export function isTraced(): boolean {
  return parts.some((part) => part.hasSubscribers);
}

/** Runs `submit` so that tracing tools see the task that it makes. */
export function traced(
  pool: string,
  path: string,
  submit: (made: (task: Task) => void) => Promise<unknown>,
): Promise<unknown> {
  let made: Task | undefined;
  const trace: TaskTrace = {
    pool,
    path: nameOf(path),
    get waited() {
      return made === undefined || made.startedAt === 0
        ? undefined
        : made.startedAt - made.submittedAt;
    },
    get interpreter() {
      return made?.slot?.py.name;
    },
  };
  return task.tracePromise(() => submit((task) => (made = task)), trace);
}

/** Lets tracing tools see a task that was made already; gives it back. */
export function watched(pool: string, task: Task): Task {
  if (isTraced()) {
    const submit = (told: (task: Task) => void): Promise<unknown> => {
      told(task);
      return task.promise;
    };
    // Who waits for the task hears of its failure.
    traced(pool, task.work.path, submit).catch(() => {});
  }
  return task;
}

/** Tells of a replacement: tracing tools, and who asked the pool. */
export function tellReplaced(
  replacement: Replacement,
  listener: ((replacement: Replacement) => void) | undefined,
): void {
  if (replaced.hasSubscribers) replaced.publish(replacement);
  // What the listener throws is its own and must not stop the pool.
  if (listener !== undefined) queueMicrotask(() => listener(replacement));
}
