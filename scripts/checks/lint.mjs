import { nodeModulesBin } from '../lib/paths.mjs';
import { run } from '../lib/process.mjs';
import { exitTally } from '../lib/tally.mjs';

export const lint = {
  name: 'lint',
  title: 'Format and lint of TypeScript, JavaScript, JSON',
  async run() {
    const result = await run(nodeModulesBin('biome'), ['check', '--error-on-warnings', '.']);
    return exitTally(result, 'biome check (`npm run format` fixes what can be fixed)');
  },
};
