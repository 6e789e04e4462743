// What Windows knows about installed Pythons, through the `py` launcher. Used nowhere else.

import { join } from 'node:path';
import { isExecutable, namesIn } from './files.js';
import type { Host } from './host.js';
import type { Candidate } from './types.js';
import { versionInName } from './versions.js';

/** Installed Pythons: those that the launcher lists, then the default folders of python.org's installer. */
export function* windowsInstallations(host: Host): Generator<Candidate> {
  yield* ofLauncher(host);
  const local = host.env['LOCALAPPDATA'] ?? join(host.home, 'AppData', 'Local');
  for (const root of [
    join(local, 'Programs', 'Python'),
    host.env['ProgramFiles'] ?? 'C:\\Program Files',
  ]) {
    for (const name of [...namesIn(root)]
      .filter((entry) => /^Python3\d+$/.test(entry))
      .sort()
      .reverse()) {
      const executable = join(root, name, 'python.exe');
      if (isExecutable(executable))
        yield { executable, origin: 'system', found: `installed in ${root}` };
    }
  }
}

function* ofLauncher(host: Host): Generator<Candidate> {
  const { stdout, status } = host.run('py', ['-0p'], { timeoutMs: 5_000, maxBytes: 65_536 });
  if (status !== 0) return;
  for (const { tag, executable } of parseLauncherList(stdout)) {
    const version = versionInName(tag);
    const candidate: Candidate = {
      executable,
      origin: 'system',
      found: 'listed by the py launcher',
    };
    yield version === null ? candidate : { ...candidate, namedVersion: version };
  }
}

/**
 * Reads what `py -0p` prints.
 *
 * @example
 * ```ts
 * parseLauncherList(' -V:3.13 *        C:\\Python313\\python.exe');
 * // [{ tag: '3.13', executable: 'C:\\Python313\\python.exe' }]
 * ```
 */
export function parseLauncherList(
  text: string,
): readonly { readonly tag: string; readonly executable: string }[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => /^\s*-(?:V:)?(\S+)\s+(?:\*\s+)?(\S.*\.exe)\s*$/i.exec(line));
  return lines.flatMap((match) =>
    match?.[1] && match[2] ? [{ tag: match[1], executable: match[2] }] : [],
  );
}
