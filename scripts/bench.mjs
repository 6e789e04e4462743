// `npm run bench -- [options]`: builds what is not built yet, then runs the benchmark with this terminal.
import { spawn } from 'node:child_process';
import { inRoot } from './lib/paths.mjs';
import { runTurbo } from './lib/turbo.mjs';

const { code, output } = await runTurbo(['run', 'build', '--output-logs=errors-only'], {
  quiet: true,
});
if (code !== 0) {
  console.error(output);
  console.error('The build failed; its output is above.');
  process.exit(1);
}
const command = inRoot('packages', 'bench', 'bin', 'multicore-python-bench.js');
const bench = spawn(process.execPath, [command, ...process.argv.slice(2)], { stdio: 'inherit' });
bench.on('error', (error) => {
  throw error;
});
bench.on('exit', (exitCode, signal) => {
  process.exitCode = signal ? 1 : (exitCode ?? 1);
});
