// The command line of the demo.

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  readonly workers: number;
  /** The folder to measure; null: the standard library of the Python that was found. */
  readonly path: string | null;
  readonly json: boolean;
  readonly help: boolean;
}

/** What `--help` prints. */
export const HELP: string = `Measures Python source files on every core: functions, classes, cyclomatic complexity.

npm run demo -- [options]

  --workers <n>   how many interpreters, one core each (default: ${availableParallelism()}, the cores here)
  --path <dir>    the folder to measure (default: the standard library of the Python that was found)
  --json          print one JSON document instead of tables
  --help          print this

Runs the same module in four ways and checks that the totals agree: in one interpreter, in --workers
interpreters, in stock Python, and in a concurrent.futures.ProcessPoolExecutor of as many processes.
Each is timed from the first file to the last result: starting interpreters and processes does not count.`;

/** The user asked for something that cannot be had. */
export class UsageError extends Error {}

/** Reads the command line; throws with a sentence for the user. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      workers: { type: 'string' },
      path: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const workers = Number(values.workers ?? availableParallelism());
  if (!Number.isSafeInteger(workers) || workers < 1)
    throw new UsageError(`--workers takes a whole number from 1, not ${values.workers}`);
  // npm runs scripts in the package's folder; the user's own is INIT_CWD.
  const path =
    values.path === undefined ? null : resolve(process.env['INIT_CWD'] ?? '.', values.path);
  return { workers, path, json: values.json, help: values.help };
}
