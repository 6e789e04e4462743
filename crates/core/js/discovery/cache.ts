// Keeps the answers of candidates in the user's cache folder, which saves the child process (10 ms) at later starts.
// Only ever an optimisation: on any doubt about a file it is ignored. Holds raw reports, never judgements.

import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isDirectory, resolved } from './files.js';
import type { Host } from './host.js';
import { venvOf } from './layout.js';
import { MARKER } from './probe-script.js';
import { parseReport } from './report.js';
import type { ProbeReport } from './types.js';

const FORMAT = 1;
const MAX_FILE_BYTES = 65_536;

/** The answer that this very executable gave before, or `null`. */
export function readCachedReport(executable: string, host: Host): ProbeReport | null {
  if (isOff(host)) return null;
  try {
    const text = readPrivateFile(join(cacheFolder(host), fileName(executable)));
    const newline = text.indexOf('\n');
    if (newline < 0 || text.slice(0, newline) !== fingerprint(executable, host)) return null;
    return parseReport(text.slice(newline + 1));
  } catch {
    return null;
  }
}

/** Keeps an answer. Failing to do so is no error. */
export function writeCachedReport(executable: string, report: ProbeReport, host: Host): void {
  if (isOff(host)) return;
  const folder = cacheFolder(host);
  const file = join(folder, fileName(executable));
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    makeFolders(folder);
    if (!isPrivate(lstatSync(folder))) return;
    const text = `${fingerprint(executable, host)}\n${MARKER}${JSON.stringify(flat(report))}\n`;
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  } catch {
    try {
      unlinkSync(draft);
    } catch {
      // it was never written
    }
  }
}

/** The cache's own two folders and the one above. Not `recursive`: Node never returns from that for a path under `/proc`. */
function makeFolders(folder: string): void {
  for (const each of [dirname(dirname(folder)), dirname(folder), folder]) {
    try {
      mkdirSync(each, { mode: 0o700 });
    } catch (error) {
      if (!isDirectory(each)) throw error;
    }
  }
}

function isOff(host: Host): boolean {
  return host.env['MULTICORE_PROBE_CACHE'] === '0';
}

function cacheFolder(host: Host): string {
  const { env, home, platform } = host;
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'multicore-python', 'probe');
  const caches = platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
  return join(env['XDG_CACHE_HOME'] || caches, 'multicore-python', 'probe');
}

/** FNV-1a over the path: only a file name. That it is the right file is the fingerprint's business. */
function fileName(executable: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(executable))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return `${hash.toString(16).padStart(16, '0')}.txt`;
}

/** Everything that the answer depends on: change any of it and the answer is asked for again. */
function fingerprint(executable: string, host: Host): string {
  const target = resolved(executable);
  const venv = venvOf(executable);
  const { env } = host;
  return JSON.stringify([
    FORMAT,
    executable,
    target,
    stamp(target),
    venv === null ? null : stamp(join(venv, 'pyvenv.cfg')),
    env['LD_LIBRARY_PATH'] ?? null,
    env['LD_PRELOAD'] ?? null,
    env['DYLD_LIBRARY_PATH'] ?? null,
    env['__PYVENV_LAUNCHER__'] ?? null,
  ]);
}

function stamp(path: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

function readPrivateFile(path: string): string {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || !isPrivate(stats) || stats.size > MAX_FILE_BYTES) return '';
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** Ours, and nobody else may write it. Windows keeps a profile's folders private by itself. */
function isPrivate(stats: Stats): boolean {
  if (process.getuid === undefined) return true;
  return stats.uid === process.getuid() && (stats.mode & 0o022) === 0;
}

function flat(report: ProbeReport): object {
  const { version, freeThreaded, ...rest } = report;
  const [major, minor, micro] = version;
  return { ...rest, major, minor, micro, freeThreaded: freeThreaded ? 1 : 0 };
}
