// Which cores this process may use, and putting processes on them: the system's scheduler decides which
// thread runs where on them. Through util-linux's taskset; which core whose turn it is, is in src/method/.

import { spawnSync } from 'node:child_process';
import { allowedCoresOf, processTree, threadsOf } from './proc.js';

/** What can be done here: put a process and all below it on some cores, or why not. */
export type Cores =
  | {
      /** Those that this process may use, in ascending order; at least two. */
      readonly allowed: readonly number[];
      /** Puts a process with all its threads, and all processes below it, on these cores; throws if it cannot. */
      readonly put: (pid: number, cores: readonly number[]) => void;
    }
  | { readonly notHere: string };

/** How taskset is started: gives what it complains of, or null. */
export type Taskset = (args: readonly string[]) => string | null;

// A thread may start or end while one sets its siblings.
const ATTEMPTS = 3;

/** Finds out what can be done, by doing it to this process: it gets the cores that it has. */
export function findCores(taskset: Taskset = runTaskset): Cores {
  const allowed = allowedCoresOf(process.pid);
  if (allowed === null) return { notHere: 'only known on Linux' };
  if (allowed.length < 2) return { notHere: 'there is one core' };
  const complaint = taskset(setting(process.pid, allowed));
  if (complaint !== null) return { notHere: complaint };
  return { allowed, put: (pid, cores) => putOn(pid, cores, taskset) };
}

/** All threads of a process, by a list of cores. */
function setting(pid: number, cores: readonly number[]): readonly string[] {
  return ['-a', '-c', '-p', cores.join(','), String(pid)];
}

function putOn(root: number, cores: readonly number[], taskset: Taskset): void {
  const list = cores.join(',');
  let complaint: string | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const pids = [...(processTree(root)?.keys() ?? [])];
    for (const pid of pids) complaint = taskset(setting(pid, cores)) ?? complaint;
    // What holds is what the system says afterwards: a process that ended meanwhile is no failure.
    const settled = [...(processTree(root)?.keys() ?? [])].every((pid) =>
      threadsOf(pid).every((thread) => (allowedCoresOf(thread) ?? cores).join(',') === list),
    );
    if (settled) return;
  }
  throw new Error(complaint ?? `threads did not stay on core ${list}`);
}

function runTaskset(args: readonly string[]): string | null {
  const { status, error, stderr } = spawnSync('taskset', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (error !== undefined)
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'taskset of util-linux is not on PATH'
      : `taskset did not start: ${error.message}`;
  return status === 0 ? null : (stderr.trim().split('\n', 1)[0] ?? `taskset ended with ${status}`);
}
