// Short forms of the long programs: `npm run torture`, `npm run cycles`, `npm run imports`, `npm run chaos`. Each runs
// in a process of its own, so that a crash is a failure and not the end of the tests.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

function run(program: string, args: readonly string[]): Promise<{ code: unknown; output: string }> {
  const path = fileURLToPath(new URL(`../../../../scripts/robust/${program}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Before the test's own time limit, which would leave it behind.
    timeout: 280_000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code: signal ?? code, output }));
  });
}

test.each([
  ['torture', ['--steps', '700']],
  ['cycles', ['--cycles', '40', '--most', '4']],
  ['imports', ['--rounds', '2']],
])('%s', { timeout: 300_000 }, async (program, args) => {
  const { code, output } = await run(program, args);
  expect(code, output).toBe(0);
});

// Pausing one thread takes a timer for one thread, which only Linux has; first-uses knows POSIX alone.
test.skipIf(process.platform !== 'linux').each([
  ['environment', ['--seconds', '2']],
  ['first-uses', ['--rounds', '1', '--interpreters', '4']],
])('%s, paused at random', { timeout: 300_000 }, async (program, args) => {
  const settings = ['--runs', '1', '--seed', '1', '--period', '100', '--pause', '500'];
  const { code, output } = await run('chaos/chaos', [...settings, program, ...args]);
  expect(code, output).toBe(0);
});
