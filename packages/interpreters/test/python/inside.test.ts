// Runs the tests of the Python side inside interpreters of the CPython that discovery finds.

import { runInside } from './suite.js';

await runInside();
