// Where this package is: its dist, Python and native programs, expectations.

import { join } from 'node:path';

/** The folder with package.json. `dist/` and `src/` are both one level below it. */
export const PACKAGE_ROOT: string = join(import.meta.dirname, '..');
