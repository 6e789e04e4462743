// The first result in a fresh process: python-shell.

import { openPythonShell } from '../peer/python-shell.js';

const { call, close } = openPythonShell();
console.log(await call('add', [40, 2]));
await close();
