// Fake Pythons: shell scripts that print what a real one would answer, and libraries that are only a header.
// A machine to put them on. Nothing here asserts.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { currentHost, type Host } from '../../js/discovery/host.js';
import { MARKER } from '../../js/discovery/probe-script.js';

/** A machine whose every folder is inside one temporary folder. */
export interface Machine {
  readonly folder: string;
  readonly host: Host;
  /** Writes an executable shell script and returns its path. */
  script(path: string, body: string): string;
  /** Writes a whole fake installation under a folder and returns its `bin/<name>`. */
  install(root: string, options?: Installation): string;
  /** The same machine with other environment variables. */
  withEnv(env: Record<string, string>): Host;
  remove(): void;
}

export interface Installation {
  /** The name under `bin`. Default `python3`. */
  readonly name?: string;
  /** Fields of the answer that differ from a healthy CPython 3.13.5. */
  readonly answer?: Readonly<Record<string, unknown>>;
  /** The processor in libpython's header; `null` for no libpython at all. Default x64. */
  readonly machine?: number | null;
}

export const X64 = 62;
export const ARM64 = 183;

export function makeMachine(name = 'machine'): Machine {
  const folder = mkdtempSync(join(tmpdir(), `multicore-${name}-`));
  const cwd = join(folder, 'work');
  const home = join(folder, 'home');
  for (const each of [cwd, home, join(folder, 'path')]) mkdirSync(each, { recursive: true });
  const { run } = currentHost();
  const base: Host = {
    env: {},
    cwd,
    home,
    root: join(folder, 'root'),
    platform: 'linux',
    arch: 'x64',
    libc: 'glibc',
    run,
  };
  const withEnv = (env: Record<string, string>): Host => ({
    ...base,
    env: { PATH: join(folder, 'path'), XDG_CACHE_HOME: join(folder, 'cache'), ...env },
  });
  const script = (path: string, body: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const install = (root: string, options: Installation = {}): string => {
    const prefix = join(folder, root);
    const file = join(prefix, 'bin', options.name ?? 'python3');
    const machine = options.machine === undefined ? X64 : options.machine;
    if (machine !== null) writeLibrary(join(prefix, 'lib', 'libpython3.13.so.1.0'), machine);
    script(
      join(root, 'bin', options.name ?? 'python3'),
      print(healthy(file, prefix, options.answer)),
    );
    return file;
  };
  return {
    folder,
    host: withEnv({}),
    script,
    install,
    withEnv,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A shell command that prints an answer exactly. */
export function print(answer: object): string {
  return `cat <<'ANSWER'\n${MARKER}${JSON.stringify(answer)}\nANSWER`;
}

/** What a healthy CPython 3.13.5 answers. */
export function healthy(
  executable: string,
  basePrefix: string,
  answer: Readonly<Record<string, unknown>> = {},
): object {
  return {
    implementation: 'cpython',
    major: 3,
    minor: 13,
    micro: 5,
    releaseLevel: 'final',
    executable,
    basePrefix,
    stdlib: join(basePrefix, 'lib', 'python3.13'),
    dynload: join(basePrefix, 'lib', 'python3.13', 'lib-dynload'),
    platform: 'linux',
    bits: 64,
    freeThreaded: 0,
    abiFlags: '',
    soabi: 'cpython-313-x86_64-linux-gnu',
    multiarch: 'x86_64-linux-gnu',
    ldLibrary: 'libpython3.13.so',
    instSoname: 'libpython3.13.so.1.0',
    libDir: join(basePrefix, 'lib'),
    framework: '',
    frameworkPrefix: '',
    ...answer,
  };
}

/** A file that begins like an ELF library of a processor. */
export function writeLibrary(path: string, machine: number): void {
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 'latin1');
  header[4] = 2;
  header[5] = 1;
  header.writeUInt16LE(machine, 18);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, header);
}
