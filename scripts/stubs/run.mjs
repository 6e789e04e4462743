// `node scripts/stubs/run.mjs <python of a venv with mypy>`: compares the stubs with what runs, inside an interpreter
// of ours, where alone the native module can be imported. Exits with 1 if they differ. What lives here: the process.
import { configure, Interpreter } from '@multicore-python/interpreters';

process.env.PYTHONPATH = import.meta.dirname;
configure({ python: process.argv[2] });
const py = await Interpreter.main();
process.exitCode = await py.call('agreement:main', []);
// What mypy keeps in memory need not be taken apart.
process.exit();
