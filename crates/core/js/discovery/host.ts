// What discovery may know about the machine it runs on, so that a test can hand it another one.
// Nothing here looks for Python.

import { homedir } from 'node:os';
import { parse } from 'node:path';
import { headOf } from './files.js';

/** How a child process ended. */
export interface RunResult {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it could not be started or was stopped: `ENOENT`, `EACCES`, `ETIMEDOUT`, `ENOBUFS`… */
  readonly failure: string | null;
}

/** Limits of a child process. */
export interface RunLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** The C library that this Node was linked to; `null` where there is only one. */
export type LibC = 'glibc' | 'musl' | null;

/** The machine, as far as discovery and loading are concerned. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** Where the system's own folders begin: `/`. */
  readonly root: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly libc: LibC;
  /** Runs a program to its end. Never throws. */
  run(file: string, args: readonly string[], limits: RunLimits): RunResult;
}

/**
 * The machine that this process runs on.
 *
 * @example
 * ```ts
 * const elsewhere: Host = { ...currentHost(), cwd: '/srv/app' };
 * ```
 */
export function currentHost(): Host {
  return {
    env: process.env,
    cwd: orRoot(process.cwd),
    home: orRoot(homedir),
    root: '/',
    platform: process.platform,
    arch: process.arch,
    libc: currentLibC(),
    run: runProcess,
  };
}

/** A folder that may not be there: the working directory was removed, or the user has no entry in the system's list and no `HOME`. */
function orRoot(folder: () => string): string {
  try {
    return folder();
  } catch {
    return parse(process.execPath).root;
  }
}

let libc: LibC | undefined;

/** Which C library this Node uses: its own executable names the dynamic linker that starts it. */
function currentLibC(): LibC {
  if (process.platform !== 'linux') return null;
  libc ??= headOf(process.execPath, 8_192)?.includes('ld-musl') === true ? 'musl' : 'glibc';
  return libc;
}

function runProcess(file: string, args: readonly string[], limits: RunLimits): RunResult {
  // Loaded at need: 2.4 ms that a start with a cached answer saves.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const done = spawnSync(file, [...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limits.timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: limits.maxBytes,
    windowsHide: true,
  });
  const error: NodeJS.ErrnoException | undefined = done.error;
  return {
    status: done.status,
    signal: done.signal,
    stdout: done.stdout ?? '',
    stderr: done.stderr ?? '',
    failure: error === undefined ? null : (error.code ?? error.message),
  };
}
