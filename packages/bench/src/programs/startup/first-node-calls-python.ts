// The first result in a fresh process: node-calls-python.

import { openNodeCallsPython } from '../peer/node-calls-python.js';

const { py, module } = openNodeCallsPython();
console.log(py.callSync(module, 'add', 40, 2));
process.exit();
