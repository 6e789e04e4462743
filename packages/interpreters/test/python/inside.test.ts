// Runs the tests of the Python side inside interpreters of the CPython that discovery finds.

import { runPrograms } from './programs.js';
import { runInside } from './suite.js';

await runInside();
runPrograms();
