import { skipped } from '../lib/tally.mjs';
export const nodes = { name: 'nodes', title: 'nodes', run: async () => skipped('to be written') };
