import { skipped } from '../lib/tally.mjs';
export const python = {
  name: 'python',
  title: 'python',
  run: async () => skipped('to be written'),
};
