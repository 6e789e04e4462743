// The first result in a fresh process: pyodide.

import { openPyodide } from '../peer/pyodide.js';

console.log((await openPyodide()).runPython('6 * 7'));
process.exit();
