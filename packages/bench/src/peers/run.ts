// Runs a command to its end and keeps what it prints.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  /** stdout and stderr, in the order in which they came. */
  readonly output: string;
}

/** Runs a command; a command that cannot be started ends with code null and the reason as its output. */
export function run(
  file: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly timeoutMs?: number;
  } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    let output = '';
    let child: ChildProcessByStdio<null, Readable, Readable>;
    try {
      child = spawn(file, args, {
        cwd: options.cwd,
        env: { ...process.env, ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
        shell: process.platform === 'win32' && file.endsWith('.cmd'),
      });
    } catch (error) {
      // Some reasons are thrown (ENOTDIR), others come as an event (ENOENT).
      return resolve({ code: null, output: (error as Error).message });
    }
    // Not the option of spawn: its timer would keep this process for as long where nothing was started.
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => child.kill(), options.timeoutMs);
    const end = (ended: Ended): void => {
      clearTimeout(timer);
      resolve(ended);
    };
    const keep = (text: string): void => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', (error) => end({ code: null, output: output + error.message }));
    child.once('close', (code) => end({ code, output }));
  });
}
