// Stock Python in child processes, doing the same work with the same module: what we compare with.

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Measured } from './network.js';

/** What stock Python is run on. */
export interface StockWork {
  readonly executable: string;
  /** Where metrics.py is. */
  readonly modules: string;
  readonly root: string;
  readonly paths: readonly string[];
  /** 0: `python -m metrics`, one file after the other. Else a `ProcessPoolExecutor` of so many. */
  readonly processes: number;
}

/** Runs `python -m metrics`, which reads paths and writes what it measured as JSON. */
export async function measureWithStockPython({
  executable,
  modules,
  root,
  paths,
  processes,
}: StockWork): Promise<Measured> {
  const args = ['-m', 'metrics', root, '--processes', String(processes)];
  const child = spawn(executable, args, {
    cwd: modules,
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONIOENCODING: 'utf-8:surrogateescape',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  child.stdin.end(paths.join('\n'));
  const [output, code] = await Promise.all([text(child.stdout), ended]);
  if (code !== 0) throw new Error(`${executable} ${args.join(' ')} ended with ${String(code)}`);
  return JSON.parse(output) as Measured;
}
