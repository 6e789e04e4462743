import { exitTally } from '../lib/tally.mjs';
import { runTurbo } from '../lib/turbo.mjs';

export const build = {
  name: 'build',
  title: 'Build of the native core and the packages',
  async run() {
    return exitTally(await runTurbo(['run', 'build', '--output-logs=new-only']), 'build');
  },
};
