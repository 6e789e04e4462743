// The places where a CPython may be, in the order of preference. Each yields candidates lazily; none asks them anything.

import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { isExecutable, namesIn } from './files.js';
import type { Host } from './host.js';
import { pythonUnder, withNamedVersion } from './layout.js';
import { pyenvRoots } from './pyenv.js';
import type { Candidate, Origin } from './types.js';
import { SUPPORTED_MINORS, versionInName } from './versions.js';
import { windowsInstallations } from './windows.js';

/** Everything but an explicit choice, best first. */
export function* candidates(host: Host): Generator<Candidate> {
  yield* environments(host);
  yield* onPath(host);
  yield* ofPyenv(host);
  yield* ofUv(host);
  yield* ofSystem(host);
}

/**
 * The candidate for an explicit choice: an executable, the root of a venv or installation, or a command on `PATH`.
 *
 * @example
 * ```ts
 * explicitCandidate('./.venv', 'configure', host).executable; // '/srv/app/.venv/bin/python3'
 * ```
 */
export function explicitCandidate(choice: string, origin: Origin, host: Host): Candidate {
  const found =
    origin === 'configure'
      ? `configure({ python: ${JSON.stringify(choice)} })`
      : `${origin}=${choice}`;
  const expanded = choice.startsWith('~/') ? join(host.home, choice.slice(2)) : choice;
  const isPath =
    isAbsolute(expanded) ||
    expanded.includes('/') ||
    (host.platform === 'win32' && expanded.includes('\\'));
  const path = resolve(host.cwd, expanded);
  const under = pythonUnder(path, host);
  if (under !== null) return { executable: under, origin, found };
  if (isPath || isExecutable(path)) return { executable: path, origin, found };
  return { executable: commandsOnPath([expanded], host).next().value ?? expanded, origin, found };
}

function* environments(host: Host): Generator<Candidate> {
  const places: readonly [Origin, string | undefined][] = [
    ['VIRTUAL_ENV', host.env['VIRTUAL_ENV']],
    ['CONDA_PREFIX', host.env['CONDA_PREFIX']],
    ['.venv', join(host.cwd, '.venv')],
  ];
  for (const [origin, root] of places) {
    if (root === undefined || root === '') continue;
    const executable = pythonUnder(resolve(host.cwd, root), host);
    const found =
      origin === '.venv'
        ? '.venv beside the working directory'
        : `the active environment, ${origin}=${root}`;
    if (executable !== null) yield { executable, origin, found };
    // An activated environment that is gone is worth a word; a missing `.venv` is not.
    else if (origin !== '.venv') yield { executable: root, origin, found };
  }
}

function* onPath(host: Host): Generator<Candidate> {
  const names = [...SUPPORTED_MINORS.map((minor) => `python3.${minor}`), 'python3', 'python'];
  for (const name of names) {
    for (const executable of commandsOnPath([name], host)) {
      yield withNamedVersion({ executable, origin: 'PATH', found: `${name} on PATH` });
    }
  }
}

function* commandsOnPath(names: readonly string[], host: Host): Generator<string, undefined> {
  const suffix = host.platform === 'win32' ? '.exe' : '';
  const folders = (host.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    const file = name.endsWith(suffix) ? name : name + suffix;
    for (const folder of folders) {
      const place = resolve(host.cwd, folder, file);
      if (isExecutable(place)) yield place;
    }
  }
  return undefined;
}

function* ofPyenv(host: Host): Generator<Candidate> {
  for (const root of pyenvRoots(host)) {
    const versions = join(root, 'versions');
    for (const name of newestFirst(namesIn(versions).filter((entry) => /^\d+\.\d+/.test(entry)))) {
      yield* installation(join(versions, name), name, 'pyenv', 'pyenv’s versions folder', host);
    }
  }
}

function* ofUv(host: Host): Generator<Candidate> {
  const root = uvFolder(host);
  for (const name of newestFirst(namesIn(root).filter((entry) => entry.startsWith('cpython-')))) {
    yield* installation(join(root, name), name, 'uv', 'uv’s python folder', host);
  }
}

function uvFolder(host: Host): string {
  const { env } = host;
  const given = env['UV_PYTHON_INSTALL_DIR'];
  if (given !== undefined && given !== '') return given;
  if (host.platform === 'win32')
    return join(env['APPDATA'] ?? join(host.home, 'AppData', 'Roaming'), 'uv', 'data', 'python');
  const data = env['XDG_DATA_HOME'];
  return join(
    data === undefined || data === '' ? join(host.home, '.local', 'share') : data,
    'uv',
    'python',
  );
}

function* ofSystem(host: Host): Generator<Candidate> {
  if (host.platform === 'win32') {
    yield* windowsInstallations(host);
    return;
  }
  for (const minor of SUPPORTED_MINORS) {
    const name = `python3.${minor}`;
    const folders = ['/usr/local/bin', '/usr/bin', `/opt/python/${name}/bin`];
    if (host.platform === 'darwin') {
      folders.unshift(
        '/opt/homebrew/bin',
        `/Library/Frameworks/Python.framework/Versions/3.${minor}/bin`,
      );
    }
    for (const path of folders) {
      const folder = join(host.root, path);
      const executable = join(folder, name);
      if (isExecutable(executable))
        yield withNamedVersion({ executable, origin: 'system', found: `installed in ${folder}` });
    }
  }
}

function* installation(
  root: string,
  name: string,
  origin: Origin,
  found: string,
  host: Host,
): Generator<Candidate> {
  const executable = pythonUnder(root, host);
  if (executable === null) return;
  const version = versionInName(name);
  yield version === null
    ? { executable, origin, found }
    : { executable, origin, found, namedVersion: version };
}

/** By the numbers in the names. Not `Intl.Collator`: making one costs 8 ms, more than all of the rest. */
function newestFirst(names: readonly string[]): readonly string[] {
  const numbers = (name: string): readonly number[] =>
    (name.match(/\d+/g) ?? []).slice(0, 3).map(Number);
  return [...names].sort((a, b) => {
    const [left, right] = [numbers(a), numbers(b)];
    const differing = left.findIndex((number, index) => number !== right[index]);
    return differing < 0 ? (a < b ? -1 : 1) : (right[differing] ?? -1) - (left[differing] ?? -1);
  });
}
