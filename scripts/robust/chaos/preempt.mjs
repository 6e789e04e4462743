// Compiles preempt.c, once for each state of it, and says what environment a program needs to run under it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inCache } from '../../lib/paths.mjs';

const SOURCE = fileURLToPath(new URL('preempt.c', import.meta.url));
const FLAGS = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-pthread'];

/** Why this machine cannot run programs under it, or `null`. */
export const unsupported =
  process.platform === 'linux'
    ? null
    : `timers for one thread (SIGEV_THREAD_ID) are Linux's, and this is ${process.platform}`;

function library() {
  const state = createHash('sha256').update(readFileSync(SOURCE)).update(FLAGS.join(' '));
  const path = inCache('chaos', `preempt-${process.arch}-${state.digest('hex').slice(0, 16)}.so`);
  if (!existsSync(path)) {
    mkdirSync(inCache('chaos'), { recursive: true });
    // Others may compile it at the same time: each finds a whole file or none.
    const made = `${path}.${process.pid}`;
    execFileSync('cc', [...FLAGS, '-o', made, SOURCE, '-ldl'], { stdio: 'inherit' });
    renameSync(made, path);
  }
  return path;
}

/**
 * The environment of a program whose threads are to be paused.
 *
 * @param {{ seed: number, period: number, pause: number, threads: string }} settings times in microseconds
 */
export function preemptEnvironment({ seed, period, pause, threads }) {
  if (unsupported !== null) throw new Error(unsupported);
  return {
    ...process.env,
    LD_PRELOAD: library(),
    PREEMPT_SEED: String(seed),
    PREEMPT_PERIOD_US: String(period),
    PREEMPT_PAUSE_US: String(pause),
    PREEMPT_THREADS: threads,
  };
}
