// The demo: measures the source of Python's standard library on every core, and compares.

import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { pythonInfo } from '@multicore-python/interpreters';
import { compare } from './compare.js';
import { type Measured, measure } from './network.js';
import { HELP, type Options, readOptions, UsageError } from './options.js';
import { Others } from './others.js';
import { Progress } from './progress.js';
import { report } from './report.js';
import { measureWithStockPython } from './stock.js';
import { walk } from './walk.js';

const modules = fileURLToPath(new URL('../../stdlib-metrics/python', import.meta.url));

/** Runs the demo; resolves with the exit code. */
async function main(options: Options): Promise<number> {
  const python = pythonInfo();
  const root = options.path ?? python.stdlib;
  const paths: string[] = [];
  for await (const path of walk(root)) paths.push(path);
  if (paths.length === 0) throw new UsageError(`${root} has no .py files`);
  process.stderr.write(
    `Python ${python.version}, ${python.executable} (${python.found})\n${paths.length} files in ${root}\n\n`,
  );

  let otherCores = 0;
  const ours = async (label: string, workers: number): Promise<Measured> => {
    const progress = new Progress(label, paths.length);
    const others = new Others();
    const measured = await measure({
      root,
      paths: walk(root),
      workers,
      modules,
      onFile: (_, count) => progress.update(count),
    });
    otherCores = Math.max(otherCores, others.cores());
    progress.done(measured.seconds);
    return measured;
  };
  const theirs = async (label: string, processes: number): Promise<Measured> => {
    const progress = new Progress(label, paths.length);
    const others = new Others();
    const measured = await measureWithStockPython({
      executable: python.executable,
      modules,
      root,
      paths,
      processes,
    });
    otherCores = Math.max(otherCores, others.cores(Math.max(1, processes)));
    progress.done(measured.seconds);
    return measured;
  };

  const { workers } = options;
  const many = await ours(`${workers} interpreters, one process`, workers);
  const one = await ours('1 interpreter', 1);
  const stock = await theirs('python -m metrics', 0);
  const pool = await theirs(`ProcessPoolExecutor(${workers})`, workers);

  const comparison = compare({ one, many, stock, pool }, workers, {
    cores: availableParallelism(),
    otherCores,
  });
  process.stdout.write(
    options.json ? `${JSON.stringify(comparison, null, 2)}\n` : `\n${report(comparison)}\n`,
  );
  return comparison.disagreements.length === 0 ? 0 : 1;
}

/** What the user can put right is said in a sentence; anything else comes with its stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof UsageError || 'code' in error
    ? error.message
    : (error.stack ?? error.message);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(`${HELP}\n`);
  else process.exitCode = await main(options);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
