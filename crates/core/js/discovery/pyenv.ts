// pyenv: its versions folder, and what its shims stand for. Never starts pyenv: a shim costs 100 ms and may only fail.

import { dirname, join, parse } from 'node:path';
import { isDirectory, isExecutable, resolved, textOf } from './files.js';
import type { Host } from './host.js';

/** What stands behind a shim, without running it. */
export type Shim =
  | { readonly kind: 'active'; readonly executable: string }
  | {
      readonly kind: 'inactive';
      readonly program: string;
      readonly selected: readonly string[];
      readonly from: string;
    };

/** The roots under which pyenv may keep its versions. */
export function pyenvRoots(host: Host): readonly string[] {
  const given = host.env['PYENV_ROOT'];
  const roots = [given === undefined || given === '' ? join(host.home, '.pyenv') : given];
  if (host.platform === 'win32') roots.push(join(host.home, '.pyenv', 'pyenv-win'));
  return roots.filter((root) => isDirectory(join(root, 'versions')));
}

/**
 * Tells what a pyenv shim stands for, by pyenv's own rules: `PYENV_VERSION`, the nearest `.python-version`, the global one.
 * `null` when the executable is no shim.
 */
export function behindShim(executable: string, host: Host): Shim | null {
  const root = shimRoot(executable, host);
  if (root === null) return null;
  const program = parse(executable).base;
  const { versions, from } = selectedVersions(root, host);
  for (const version of versions) {
    const target =
      version === 'system'
        ? onPathOutside(dirname(executable), program, host)
        : join(root, 'versions', version, 'bin', program);
    if (target !== null && isExecutable(target)) return { kind: 'active', executable: target };
  }
  return { kind: 'inactive', program, selected: versions, from };
}

function shimRoot(executable: string, host: Host): string | null {
  if (host.platform === 'win32') return null; // pyenv-win's shims are .bat files, which are never looked for
  const folder = resolved(dirname(executable));
  return pyenvRoots(host).find((root) => folder === resolved(join(root, 'shims'))) ?? null;
}

function selectedVersions(root: string, host: Host): { versions: readonly string[]; from: string } {
  const given = host.env['PYENV_VERSION'];
  if (given !== undefined && given !== '')
    return { versions: given.split(':'), from: 'PYENV_VERSION' };
  for (let folder = host.cwd; ; folder = dirname(folder)) {
    const file = join(folder, '.python-version');
    const versions = versionsIn(file);
    if (versions.length > 0) return { versions, from: file };
    if (dirname(folder) === folder) break;
  }
  const file = join(root, 'version');
  const versions = versionsIn(file);
  return versions.length > 0
    ? { versions, from: file }
    : { versions: ['system'], from: 'pyenv’s default' };
}

function versionsIn(file: string): readonly string[] {
  const lines = (textOf(file) ?? '').split('\n').map((line) => line.replace(/#.*/, '').trim());
  return lines
    .flatMap((line) => line.split(/\s+/))
    .filter((word) => /^[\w.+@-]+$/.test(word) && !word.includes('..'));
}

function onPathOutside(shims: string, program: string, host: Host): string | null {
  const folders = (host.env['PATH'] ?? '')
    .split(':')
    .filter((folder) => folder !== '' && resolved(folder) !== resolved(shims));
  return (
    folders.map((folder) => join(folder, program)).find((place) => isExecutable(place)) ?? null
  );
}
