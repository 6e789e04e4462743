// Runs a program to its end: no stdin, output both shown and kept, and never longer than its time limit.
// Under CI the output of what succeeds is only kept: logs there are cut, and what failed must not drown.
import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

const KILL_GRACE_MS = 5_000;
/** Lines at the end of a failed program's output that are shown under CI: runners repeat their failures there. */
const SHOWN_LINES = 120;
const isWindows = process.platform === 'win32';

/** Child processes that are alive, so that an interrupted script takes them along. */
const running = new Set();

/**
 * @typedef {object} Finished
 * @property {number} code exit code; 128 + n after signal n, 127 when it could not be started, 124 after its time limit
 * @property {string} stdout
 * @property {string} stderr
 * @property {string} output both streams, in the order they arrived
 * @property {boolean} timedOut
 * @property {number} seconds
 */

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutSeconds?: number, quiet?: boolean }} [options]
 *   `env` replaces the environment; `quiet` keeps the output to ourselves.
 * @returns {Promise<Finished>} it never rejects: that a program cannot run is a result like any other
 */
export function run(command, args, options = {}) {
  const { cwd = root, env = process.env, timeoutSeconds = 900, quiet = false } = options;
  const brief = !quiet && Boolean(env.CI);
  const started = performance.now();
  return new Promise((resolve) => {
    const kept = { stdout: '', stderr: '', output: '' };
    let timedOut = false;
    // A group of its own, so that a time limit ends grandchildren (cargo's rustc, vitest's forks) too.
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: !isWindows,
      shell: isWindows && command.endsWith('.cmd'),
    });
    running.add(child);
    const timer = setTimeout(() => {
      timedOut = true;
      kept.output += `\n(ended: it took longer than ${timeoutSeconds} s)\n`;
      endGroup(child, 'SIGTERM');
      setTimeout(() => endGroup(child, 'SIGKILL'), KILL_GRACE_MS).unref();
    }, timeoutSeconds * 1_000);

    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8');
      child[stream].on('data', (text) => {
        kept[stream] += text;
        kept.output += text;
        if (!quiet && !brief) process[stream].write(text);
      });
    }
    let done = false;
    const finish = (code) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      running.delete(child);
      if (brief && code !== 0) console.log(lastLines(kept.output, SHOWN_LINES));
      const seconds = (performance.now() - started) / 1_000;
      resolve({ code: timedOut ? 124 : code, timedOut, seconds, ...kept });
    };
    child.on('error', (error) => {
      kept.output += `${error.message}\n`;
      kept.stderr += `${error.message}\n`;
      if (!quiet && !brief) process.stderr.write(`${error.message}\n`);
      finish(127);
    });
    child.on('close', (code, signal) => finish(code ?? 128 + signalNumber(signal)));
  });
}

function lastLines(text, count) {
  const lines = text.trimEnd().split('\n');
  const left = lines.length - count;
  return left <= 0
    ? lines.join('\n')
    : [`(${left} lines before)`, ...lines.slice(-count)].join('\n');
}

/** `run` that shows the output only of a program that failed. */
export async function runSparingly(command, args, options = {}) {
  const result = await run(command, args, { ...options, quiet: true });
  if (result.code !== 0) console.log(result.output.trimEnd());
  return result;
}

/** `run` that throws when the program fails, for steps that others build on. */
export async function runOrThrow(command, args, options = {}) {
  const result = await run(command, args, options);
  if (result.code !== 0) {
    const shown = options.quiet ? `\n${result.output.trimEnd()}` : '';
    throw new Error(`\`${[command, ...args].join(' ')}\` failed with code ${result.code}${shown}`);
  }
  return result;
}

function endGroup(child, signal) {
  try {
    if (isWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

const SIGNAL_NUMBERS = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};
const signalNumber = (signal) => SIGNAL_NUMBERS[signal] ?? 0;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    for (const child of running) endGroup(child, 'SIGTERM');
    process.exit(128 + signalNumber(signal));
  });
}
