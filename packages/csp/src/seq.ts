// `seq`: processes one after the other.

import { Composition, nameOfAll, runPart } from './composition.js';
import type { Context, Process, ResultsOf } from './process.js';

/**
 * Runs processes one after the other and resolves with all their results. The first failure is the
 * failure of the whole; those behind it do not run.
 *
 * @example
 * const [loaded, saved] = await seq(python("etl:load", [path]), python("etl:save", [path]));
 */
export function seq<const Processes extends readonly Process<unknown>[]>(
  ...processes: Processes
): Composition<ResultsOf<Processes>> {
  return new Composition(nameOfAll('seq', processes), processes, runSequence);
}

async function runSequence(
  parts: readonly Process<unknown>[],
  context: Context,
): Promise<unknown[]> {
  const results: unknown[] = [];
  try {
    for (const part of parts) {
      results.push(undefined);
      results[results.length - 1] = await runPart(part, context);
      context.signal.throwIfAborted();
    }
    return results;
  } finally {
    // What never ran lets go of its ends too, or the rest of the network would wait for it.
    for (const part of parts.slice(results.length)) part.letGo();
  }
}
