// The first result in a fresh process: @multicore-python/interpreters.

import { Interpreter } from '@multicore-python/interpreters';

const py = await Interpreter.create();
console.log(await py.evaluate('6 * 7'));
await py.close();
