// The interpreters that Python processes run in: kept warm for a while after use, so that the next
// process need not wait for one to start. Nothing about processes here.

import { availableParallelism } from 'node:os';
import { Interpreter } from '@multicore-python/interpreters';
import { runAsNobody } from './monitor/current.js';

/** What a process needs of its interpreter; those with equal needs share one after the other. */
export interface InterpreterNeeds {
  /** Directories in front of `sys.path`. */
  readonly path?: readonly string[] | undefined;
  /** `shared-gil` for extension modules that cannot live with a GIL of their own. */
  readonly isolation?: 'own-gil' | 'shared-gil' | undefined;
  /** Whether threads and processes are forbidden inside. Default: true. */
  readonly serial?: boolean | undefined;
}

/** A few more than can run at once: networks have more processes than there are cores. */
const IDLE_MAX = Math.max(8, availableParallelism() * 2);
const IDLE_MS = 10_000;

interface Idle {
  readonly py: Interpreter;
  readonly timer: NodeJS.Timeout;
}

const idle = new Map<string, Idle[]>();

/**
 * Runs something in an interpreter that nobody else uses meanwhile. It is kept for the next if all
 * went well, and closed otherwise. Modules stay imported; `__main__` is emptied if `usesMain`.
 */
export async function withInterpreter<T>(
  needs: InterpreterNeeds,
  usesMain: boolean,
  run: (py: Interpreter) => Promise<T>,
): Promise<T> {
  const { path, isolation, serial = true } = needs;
  const key = JSON.stringify([path ?? [], isolation ?? 'own-gil', serial]);
  const py = take(key) ?? (await Interpreter.create({ path, isolation, serial }));
  let result: T;
  try {
    result = await run(py);
    if (usesMain) await py.exec(EMPTY_MAIN);
  } catch (error) {
    await py.close({ timeout: 1000 });
    throw error;
  }
  await keep(key, py);
  return result;
}

/**
 * Closes the interpreters that are kept warm. They keep neither the program alive nor each other
 * busy: this only gives their memory back at once.
 *
 * @example
 * await closeIdleInterpreters();
 */
export async function closeIdleInterpreters(): Promise<void> {
  const all = [...idle.values()].flat();
  idle.clear();
  for (const { timer } of all) clearTimeout(timer);
  await Promise.all(all.map(({ py }) => py.close()));
}

/** Whether an interpreter is kept warm now: it does nothing until a process is given it. */
export function isKeptWarm(id: number): boolean {
  return [...idle.values()].some((kept) => kept.some(({ py }) => py.id === id));
}

const EMPTY_MAIN = 'for _ in [n for n in globals() if not n.startswith("__")]: del globals()[_]';

function take(key: string): Interpreter | undefined {
  const kept = idle.get(key);
  for (let next = kept?.pop(); next !== undefined; next = kept?.pop()) {
    clearTimeout(next.timer);
    // Somebody else may have closed it meanwhile.
    if (next.py.state === 'idle') return next.py;
  }
  return undefined;
}

async function keep(key: string, py: Interpreter): Promise<void> {
  const kept = idle.get(key) ?? [];
  if (py.state !== 'idle' || kept.length >= IDLE_MAX) {
    await py.close();
    return;
  }
  // It is no timer of the process that ran here.
  const timer = runAsNobody(() =>
    setTimeout(() => {
      idle.set(key, idle.get(key)?.filter((each) => each.py !== py) ?? []);
      py.close().catch(() => {});
    }, IDLE_MS),
  );
  timer.unref();
  idle.set(key, [...kept, { py, timer }]);
}
