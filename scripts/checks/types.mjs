import { nodeModulesBin } from '../lib/paths.mjs';
import { run } from '../lib/process.mjs';
import { exitTally, sum } from '../lib/tally.mjs';

export const types = {
  name: 'types',
  title: 'Types of sources and tests',
  async run() {
    const tsc = nodeModulesBin('tsc');
    return sum([
      exitTally(await run(tsc, ['-b']), 'tsc -b'),
      exitTally(await run(tsc, ['-p', 'tsconfig.tests.json']), 'tsc -p tsconfig.tests.json'),
    ]);
  },
};
