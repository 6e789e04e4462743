// A Worker of the torture: interpreters of its own, used both ways, until somebody terminates it.
import { workerData } from 'node:worker_threads';
import { Interpreter } from '../../packages/interpreters/dist/index.js';

const py = await Interpreter.create({ stdout: 'ignore', stderr: 'ignore' });
setInterval(() => {}, 1000);
for (;;) {
  try {
    if (workerData.sync) py.execSync(workerData.source, { timeout: 50 });
    else await py.exec(workerData.source, { timeout: 50 });
  } catch {}
  for (const other of Interpreter.list()) {
    try {
      if (other.id !== 0) other.evaluateSync('1 + 1', { timeout: 50 });
    } catch {}
  }
  await new Promise((resolve) => setTimeout(resolve, 1));
}
