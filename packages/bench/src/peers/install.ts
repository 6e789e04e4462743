// Installs peers from npm, each into a folder of its own, pinned in data/peers.json. They are never a
// dependency of the product. A peer that cannot be installed here is skipped with npm's own reason.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { PACKAGE_ROOT } from '../package-root.js';
import { run } from './run.js';

interface Peer {
  readonly dependencies: Readonly<Record<string, string>>;
  /** It compiles against the Python and the Node that are here. */
  readonly compiles?: boolean;
}

/** The Python that peers are built against. */
export interface BuildPython {
  readonly executable: string;
  readonly basePrefix: string;
  readonly version: string;
}

/** The pinned peers. */
export function peerManifest(): Readonly<Record<string, Peer>> {
  return JSON.parse(readFileSync(join(PACKAGE_ROOT, 'data', 'peers.json'), 'utf8')) as Readonly<
    Record<string, Peer>
  >;
}

/**
 * Where peers are installed: beside this package in its repository, in the user's cache when it was
 * installed itself.
 */
export function peersDirectory(): string {
  const named = process.env['MULTICORE_BENCH_PEERS'];
  if (named !== undefined && named !== '') return named;
  return PACKAGE_ROOT.includes('node_modules')
    ? join(homedir(), '.cache', 'multicore-python-bench', 'peers')
    : join(PACKAGE_ROOT, 'peers');
}

const INSTALL_TIMEOUT_MS = 10 * 60_000;

/**
 * Installs a peer unless it is there in this version for this Python and this Node. Gives the reason if it cannot.
 */
export async function installPeer(id: string, python: BuildPython): Promise<string | null> {
  const peer = peerManifest()[id];
  if (peer === undefined) return `${id} is not in data/peers.json`;
  const directory = join(peersDirectory(), id);
  const stamp = join(directory, '.installed.json');
  const wanted = JSON.stringify({
    ...peer,
    ...(peer.compiles ? { python: python.executable, node: process.versions.modules } : {}),
  });
  if (existsSync(stamp)) {
    const there = JSON.parse(readFileSync(stamp, 'utf8')) as {
      wanted: string;
      failure: string | null;
    };
    if (there.wanted === wanted && there.failure === null) return null;
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, 'package.json'),
    `${JSON.stringify({ name: `peer-${id}`, private: true, dependencies: peer.dependencies }, null, 2)}\n`,
  );
  const { code, output } = await run(
    process.platform === 'win32' ? 'npm.cmd' : 'npm',
    ['install', '--no-fund', '--no-audit', '--foreground-scripts'],
    {
      cwd: directory,
      env: peer.compiles ? buildEnvironment(python) : {},
      timeoutMs: INSTALL_TIMEOUT_MS,
    },
  );
  const failure = code === 0 ? null : reasonOf(output);
  writeFileSync(stamp, JSON.stringify({ wanted, failure }));
  return failure;
}

/** What makes a peer compile against the Python under test, wherever that is. */
function buildEnvironment({ executable, basePrefix }: BuildPython): Record<string, string> {
  const library = join(basePrefix, 'lib');
  return {
    PATH: [dirname(executable), join(basePrefix, 'bin'), process.env['PATH']].join(delimiter),
    PKG_CONFIG_PATH: [join(library, 'pkgconfig'), process.env['PKG_CONFIG_PATH']]
      .filter(Boolean)
      .join(delimiter),
    LDFLAGS: `-Wl,-rpath,${library} ${process.env['LDFLAGS'] ?? ''}`.trim(),
    // The node-addon-api that pymport 1.5.1 gets today wants C++17, and pymport does not ask for it.
    CXXFLAGS: `-std=gnu++17 ${process.env['CXXFLAGS'] ?? ''}`.trim(),
    // Headers that come with Node spare the download.
    ...(existsSync('/usr/include/node/node_api.h') ? { npm_config_nodedir: '/usr' } : {}),
  };
}

/** The line that says why, among all that npm and node-gyp print. */
function reasonOf(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim())
    .filter((line) => line !== '');
  const telling = lines.find((line) =>
    /error:|fatal|ENOTFOUND|ETARGET|E40\d|EACCES|not found|No module|Error:/.test(line),
  );
  return `npm install failed: ${(telling ?? lines.at(-1) ?? 'no output').slice(0, 200)}`;
}
