// What --help and --list print.

import type { Case } from '../method/model.js';
import { CONTENDERS } from '../peers/contenders.js';
import { SUITES } from '../suites/index.js';

/** What `--help` prints. */
export const HELP: string = `Measures Multicore Python side by side with its peers, in interleaved rounds.

multicore-python-bench [options]          (in the repository: npm run bench -- [options])
multicore-python-bench guard [--update] [--file <counts.json>]
                      compares instructions per operation with the stored ones (needs valgrind)

  --quick             the headlines of each suite in fewer and shorter rounds: under two minutes; what is
                      left out is listed. With --filter: all that it names, however long that takes
  --filter <text>     only cases whose suite/case contains this; may be repeated or separated by commas
  --peers <list>      'all' (the default), 'none', or ids separated by commas: see --list
  --python <path>     the Python executable to use, as it is (default: a virtual environment without packages,
                      made from the one that the product would use: what is installed there costs time
                      and memory in every interpreter and process)
  --json              print the results as one JSON document; the tables go to stderr
  --out <folder>      write results.json, report.md and charts there; '-' for nowhere
                      (default: bench-results here; in the repository packages/bench/results/latest.tmp)
  --readme[=<file>]   write the performance section between the markers of a file (default: README.md)
  --from <file>       use the results of an earlier run (its JSON) instead of measuring
  --list              print suites, cases and contenders
  --help              print this

Peers are installed on demand into a folder of their own (MULTICORE_BENCH_PEERS names another one). What
cannot run here is skipped, and the report says why. Run it on a machine that has nothing else to do:
rounds that other load disturbs are marked, and left out of the medians where enough others remain.
`;

function remarks({ headline, cores }: Case): string {
  const words = [
    ...(headline ? [] : ['not in --quick']),
    ...(cores === undefined ? [] : ['cores in turn']),
  ];
  return words.length === 0 ? '' : `  (${words.join(', ')})`;
}

/** What `--list` prints. */
export function listing(): string {
  const suites = SUITES.flatMap(({ id, cases }) =>
    cases.map((each) => `  ${id}/${each.id}  ${each.title}${remarks(each)}`),
  );
  const contenders = CONTENDERS.map(({ id, label }) => `  ${id}  ${label}`);
  return ['Cases:', ...suites, '', 'Contenders:', ...contenders, ''].join('\n');
}
