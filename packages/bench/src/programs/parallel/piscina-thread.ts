// The thread of piscina.ts: hands each task to the Python child of this thread.

import { openPythonShell } from '../peer/python-shell.js';

const shell = openPythonShell();

export default ([name, args]: readonly [string, readonly unknown[]]): Promise<unknown> =>
  shell.call(name, args);
