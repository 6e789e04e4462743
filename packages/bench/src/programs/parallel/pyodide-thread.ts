// The Worker of pyodide.ts.

import { parentPort } from 'node:worker_threads';
import { openPyodide, type PyProxy } from '../peer/pyodide.js';

const pyodide = await openPyodide('bench_work');
const functions = pyodide.pyimport('bench_work');
parentPort?.on('message', ([name, args]: [string, unknown[]]) => {
  parentPort?.postMessage((functions[name] as PyProxy)(...args));
});
parentPort?.postMessage(pyodide.version);
