// One process of `run.mjs`: starts CPython, and has `site/foreign_runner.py` run a suite's tests.
import { Interpreter } from '@multicore-python/interpreters';

const isolation = process.argv[2];
const py = isolation === 'main' ? Interpreter.main() : await Interpreter.create({ isolation });
try {
  await (await py).call('foreign_runner:run', []);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
process.exit();
