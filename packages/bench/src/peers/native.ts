// Builds the native programs where their toolchain is: what channels cost without Python and Node. What was
// built from the same sources by the same toolchain is used again.

import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { PACKAGE_ROOT } from '../package-root.js';
import { peersDirectory } from './install.js';
import { run } from './run.js';

/** What building came to: the executable, or why there is none. */
export type Built =
  | { readonly executable: string; readonly version: string }
  | { readonly reason: string };

const BUILD_TIMEOUT_MS = 10 * 60_000;
const SUFFIX = process.platform === 'win32' ? '.exe' : '';

/** Builds one of native/. */
export async function buildNative(name: 'go' | 'crossbeam'): Promise<Built> {
  const command = name === 'go' ? 'go' : 'cargo';
  const { code, output } = await run(command, [name === 'go' ? 'version' : '--version']);
  if (code !== 0) return { reason: `${command} is not on PATH` };
  const directory = join(peersDirectory(), name);
  mkdirSync(directory, { recursive: true });
  const version = output.trim().split('\n', 1)[0] ?? command;
  const stamp = join(directory, '.built.json');
  const wanted = `${version} ${fingerprint(join(PACKAGE_ROOT, 'native', name))}`;
  const before = builtBefore(stamp, wanted);
  if (before !== null) return { executable: before, version };
  rmSync(stamp, { force: true });
  const built =
    name === 'go' ? await buildGo(directory, version) : await buildCargo(directory, version);
  if ('executable' in built)
    writeFileSync(stamp, JSON.stringify({ wanted, executable: built.executable }));
  return built;
}

/** The executable that a stamp is about, if it is there and what is wanted now. */
function builtBefore(stamp: string, wanted: string): string | null {
  if (!existsSync(stamp)) return null;
  const there = JSON.parse(readFileSync(stamp, 'utf8')) as { wanted: string; executable: string };
  return there.wanted === wanted && existsSync(there.executable) ? there.executable : null;
}

/** Changes with any byte of the sources. */
function fingerprint(sources: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  // The sources may lie elsewhere next time: in the repository, or installed.
  for (const file of files)
    hash.update(relative(sources, file)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

async function buildGo(directory: string, version: string): Promise<Built> {
  const executable = join(directory, `channels${SUFFIX}`);
  const { code, output } = await run('go', ['build', '-o', executable, '.'], {
    cwd: join(PACKAGE_ROOT, 'native', 'go'),
    env: { GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' },
    timeoutMs: BUILD_TIMEOUT_MS,
  });
  return code === 0 ? { executable, version } : { reason: `go build failed: ${lastLine(output)}` };
}

async function buildCargo(directory: string, version: string): Promise<Built> {
  // A copy outside of the sources: cargo writes a lock file beside the manifest.
  const sources = join(directory, 'crossbeam');
  cpSync(join(PACKAGE_ROOT, 'native', 'crossbeam'), sources, { recursive: true });
  const { code, output } = await run(
    'cargo',
    ['build', '--release', '--target-dir', join(directory, 'target')],
    { cwd: sources, timeoutMs: BUILD_TIMEOUT_MS },
  );
  const executable = join(directory, 'target', 'release', `bench-crossbeam${SUFFIX}`);
  return code === 0 && existsSync(executable)
    ? { executable, version }
    : { reason: `cargo build failed: ${lastLine(output)}` };
}

function lastLine(output: string): string {
  return (output.trim().split('\n').at(-1) ?? 'no output').slice(0, 200);
}
