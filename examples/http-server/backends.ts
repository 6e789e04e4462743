// Three ways in which a server can run a CPU-bound Python function: a pool of interpreters, a child
// process, the main thread. Only the first is meant to be copied.

import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Interpreter, InterpreterPool, pythonInfo } from '@multicore-python/interpreters';

const PYTHON = fileURLToPath(new URL('../../http-server/python', import.meta.url));

/** How a request's work is done. */
export interface Backend extends AsyncDisposable {
  similarity(a: string, b: string, signal: AbortSignal): Promise<number>;
}

/** What can be chosen. */
export const BACKENDS: Readonly<Record<string, () => Promise<Backend>>> = {
  pool: startPool,
  'child process': async () => childProcess,
  'main thread': startMainThread,
};

async function startPool(): Promise<Backend> {
  const pool = new InterpreterPool({
    path: [PYTHON],
    // One core is left to Node, so that the other requests do not wait for one.
    size: Math.max(1, availableParallelism() - 1),
    // Where there are not enough cores for that after all, Node goes first.
    initializer: 'rules:give_way',
    queueLimit: 1000,
    recycle: { memory: 2 ** 28 },
  });
  const similarity = pool.function<[a: string, b: string], number>('rules:similarity');
  // Every interpreter imports what it needs before the first request comes.
  await pool.each('rules:similarity', ['', '']);
  return {
    similarity: (a, b, signal) => similarity.with({ signal, timeout: 5000 }, a, b),
    [Symbol.asyncDispose]: async () => void (await pool.close({ timeout: 2000 })),
  };
}

const childProcess: Backend = {
  similarity: (a, b, signal) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        pythonInfo().executable,
        [`${PYTHON}/rules.py`],
        { signal },
        (error, stdout) => (error === null ? resolve(JSON.parse(stdout)) : reject(error)),
      );
      child.stdin?.end(JSON.stringify([a, b]));
    }),
  [Symbol.asyncDispose]: async () => {},
};

async function startMainThread(): Promise<Backend> {
  const py = await Interpreter.create({ path: [PYTHON] });
  const similarity = py.function<[a: string, b: string], number>('rules:similarity');
  return {
    similarity: async (a, b) => similarity.sync(a, b),
    [Symbol.asyncDispose]: async () => void (await py.close()),
  };
}
