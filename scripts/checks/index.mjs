// In the order they run: what fails fast and often comes first.
import { build } from './build.mjs';
import { extensions } from './extensions.mjs';
import { instructions } from './instructions.mjs';
import { lint } from './lint.mjs';
import { nodes } from './nodes.mjs';
import { packages } from './packages.mjs';
import { python } from './python.mjs';
import { loom, rust, rustLint } from './rust.mjs';
import { targets } from './targets.mjs';
import { types } from './types.mjs';
import { vitest } from './vitest.mjs';

/**
 * @typedef {object} Check
 * @property {string} name what one types to run it alone
 * @property {string} title
 * @property {readonly string[]} [needs] checks whose failure makes this one pointless; it then counts as failed
 * @property {(options: { full: boolean }) => Promise<import('../lib/tally.mjs').Tally>} run
 */

/** @type {readonly Check[]} */
export const checks = [
  lint,
  rustLint,
  build,
  types,
  rust,
  loom,
  vitest,
  python,
  extensions,
  instructions,
  packages,
  nodes,
  targets,
];
