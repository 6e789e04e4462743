// Starts the server: `node main.js [--backend pool] [--port 8080]`. Ends with Ctrl+C, after the requests
// that are under way.

import { parseArgs } from 'node:util';
import { BACKENDS } from './backends.js';
import { serve } from './server.js';

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'pool' },
    port: { type: 'string', default: '8080' },
  },
});
const start = BACKENDS[values.backend];
if (start === undefined) {
  console.error(`--backend is one of: ${Object.keys(BACKENDS).join(', ')}`);
  process.exitCode = 2;
} else {
  const running = await serve(await start(), Number(values.port));
  console.log(`http://127.0.0.1:${running.port}`);
  const stop = (): void => void running[Symbol.asyncDispose]();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
