// `npm run bench -- [options]`: builds what is not built yet, installs the packages as they would be published into
// the cache, and runs the benchmark from there with this terminal, so that it measures what users get.
// `guard` counts instructions inside of the core and runs from the sources, where its stored counts are.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inRoot } from './lib/paths.mjs';
import { runTurbo } from './lib/turbo.mjs';
import { installedAsPublished } from './packaging/installed.mjs';

const args = process.argv.slice(2);
const { code, output } = await runTurbo(['run', 'build', '--output-logs=errors-only'], {
  quiet: true,
});
if (code !== 0) {
  console.error(output);
  console.error('The build failed; its output is above.');
  process.exit(1);
}

const sources = inRoot('packages', 'bench');
const bench = args[0] === 'guard' ? sources : await installedAsPublished('@multicore-python/bench');
const env = {
  MULTICORE_BENCH_PEERS: join(sources, 'peers'),
  MULTICORE_BENCH_OUT: join(sources, 'results', 'latest.tmp'),
  ...process.env,
};
const command = join(bench, 'bin', 'multicore-python-bench.js');
const child = spawn(process.execPath, [command, ...args], { stdio: 'inherit', env });
child.on('error', (error) => {
  throw error;
});
child.on('exit', (exitCode, signal) => {
  process.exitCode = signal ? 1 : (exitCode ?? 1);
});
