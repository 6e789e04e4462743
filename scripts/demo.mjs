// `npm run demo -- [options]`: builds what is not built yet, then runs the demo with this terminal.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { coreDirectory, inRoot } from './lib/paths.mjs';
import { runTurbo } from './lib/turbo.mjs';

const program = inRoot('examples', 'dist', 'stdlib-metrics', 'main.js');

const built = readdirSync(coreDirectory).some((file) => file.endsWith('.node'));
console.log(
  built
    ? 'Building what has changed…'
    : 'Building the native core and the packages: this takes a minute or two, once.',
);
const { code, output } = await runTurbo(['run', 'build', '--output-logs=errors-only'], {
  quiet: true,
});
if (code !== 0 || !existsSync(program)) {
  console.error(output);
  console.error(
    code === 0 ? `The build left no ${program}.` : 'The build failed; its output is above.',
  );
  process.exit(1);
}

const demo = spawn(process.execPath, ['--enable-source-maps', program, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// Ctrl-C reaches the demo from the terminal by itself: let it decide how it ends.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => signal === 'SIGTERM' && demo.kill(signal));
demo.on('error', (error) => {
  throw error;
});
demo.on('exit', (exitCode, signal) => {
  if (signal) process.removeAllListeners(signal) && process.kill(process.pid, signal);
  else process.exitCode = exitCode ?? 1;
});
