// The command: options, run, reports. What is measured and how is elsewhere.

import { readFileSync } from 'node:fs';
import { guard } from '../guard/main.js';
import { terminalCase, terminalLeftOut, terminalMachine } from '../report/terminal.js';
import { type RunResult, runBenchmarks } from '../runner/run.js';
import { HELP, listing } from './help.js';
import { type Options, parseOptions, UsageError } from './options.js';
import { Progress } from './progress.js';
import { writeResults, writeSection } from './write.js';

/** Runs the command; gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    if (args[0] === 'guard') return await guard(args.slice(1));
    const options = parseOptions(args);
    if (options.help) process.stdout.write(HELP);
    else if (options.list) process.stdout.write(listing());
    else await measure(options);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\nTry --help.\n`);
    return 2;
  }
}

async function measure(options: Options): Promise<void> {
  const tables = options.json ? process.stderr : process.stdout;
  const result =
    options.from === null
      ? await run(options, tables)
      : earlier(readFileSync(options.from, 'utf8'));
  if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  const written = writeResults(result, options);
  if (written !== null) tables.write(`\nResults: ${written}\n`);
  if (options.readme !== null) {
    writeSection(result, options.readme, written);
    tables.write(`Performance section: ${options.readme}\n`);
  }
}

/** The results of an earlier run; the oldest have no list of what was left out. */
function earlier(json: string): RunResult {
  return { leftOut: [], ...(JSON.parse(json) as Omit<RunResult, 'leftOut'> & Partial<RunResult>) };
}

async function run(options: Options, tables: NodeJS.WritableStream): Promise<RunResult> {
  const progress = new Progress();
  const result = await runBenchmarks(options, (event) => {
    if (event.kind === 'preparing') progress.step(event.step, 0);
    else if (event.kind === 'step') progress.step(event.step, event.done / event.of);
    else {
      progress.clear();
      if (event.kind === 'machine') tables.write(`${terminalMachine(event)}\n\n`);
      else if (event.kind === 'case')
        tables.write(`${terminalCase(event.suite.id, event.result)}\n`);
    }
  });
  progress.clear();
  for (const { what, reason } of result.skipped) tables.write(`not here: ${what}: ${reason}\n`);
  tables.write(terminalLeftOut(result.leftOut));
  return result;
}
