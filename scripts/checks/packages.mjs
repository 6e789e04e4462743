import { skipped } from '../lib/tally.mjs';
export const packages = {
  name: 'packages',
  title: 'packages',
  run: async () => skipped('to be written'),
};
