// Runs turbo with its telemetry off, which it reads from the environment alone.
import { exit } from 'node:process';
import { runTurbo } from './lib/turbo.mjs';

const { code } = await runTurbo(process.argv.slice(2));
exit(code);
