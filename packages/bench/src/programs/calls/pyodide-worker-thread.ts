// The Worker of pyodide-worker.ts.

import { parentPort } from 'node:worker_threads';
import { openPyodide, type PyProxy } from '../peer/pyodide.js';

const pyodide = await openPyodide('bench_functions');
const add = pyodide.pyimport('bench_functions')['add'] as PyProxy;
parentPort?.on('message', ([a, b]: [number, number]) => parentPort?.postMessage(add(a, b)));
parentPort?.postMessage(pyodide.version);
