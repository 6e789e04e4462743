// Finds the shared libpython of an installation from what its python said. Looks only inside that installation:
// a library of the same version from elsewhere would meet another build's standard library.

import { basename, dirname, isAbsolute, join } from 'node:path';
import { isFile, resolved } from './files.js';
import type { Host } from './host.js';
import type { ProbeReport } from './types.js';

/** The library and each path that was looked at on the way to it. */
export interface LibpythonSearch {
  readonly path: string | null;
  readonly tried: readonly string[];
}

/** Looks for the shared library, the name that the build installed first. */
export function findLibpython(report: ProbeReport, host: Host): LibpythonSearch {
  const tried: string[] = [];
  for (const place of new Set(places(report, host))) {
    tried.push(place);
    if (isFile(place)) return { path: place, tried };
  }
  return { path: null, tried };
}

function places(report: ProbeReport, host: Host): readonly string[] {
  if (host.platform === 'win32') return onWindows(report);
  const names = libraryNames(report, host);
  const folders = libraryFolders(report);
  const inFolders = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return host.platform === 'darwin' ? [...inFramework(report), ...inFolders] : inFolders;
}

function onWindows(report: ProbeReport): readonly string[] {
  const name = `python${report.version[0]}${report.version[1]}${report.freeThreaded ? 't' : ''}.dll`;
  const folders = [
    report.basePrefix,
    dirname(resolved(report.executable)),
    join(report.basePrefix, 'DLLs'),
  ];
  return [...folders, 'C:\\Windows\\System32'].map((folder) => join(folder, name));
}

function inFramework(report: ProbeReport): readonly string[] {
  if (report.framework === null) return [];
  const named = report.instSoname ?? report.ldLibrary;
  const fromPrefix =
    report.frameworkPrefix !== null && named !== null ? [join(report.frameworkPrefix, named)] : [];
  return [...fromPrefix, join(report.basePrefix, report.framework)];
}

/** `INSTSONAME` is the file that runtime packages ship; `LDLIBRARY` is the link that only `-dev` packages have. */
function libraryNames(report: ProbeReport, host: Host): readonly string[] {
  const stem = `libpython${report.version[0]}.${report.version[1]}${report.abiFlags}`;
  const usual = host.platform === 'darwin' ? [`${stem}.dylib`] : [`${stem}.so.1.0`, `${stem}.so`];
  const said = [report.instSoname, report.ldLibrary].flatMap((name) =>
    name === null ? [] : [basename(name)],
  );
  return [...said.filter((name) => !name.endsWith('.a')), ...usual];
}

function libraryFolders(report: ProbeReport): readonly string[] {
  const { basePrefix, libDir, multiarch } = report;
  const besides = join(dirname(dirname(resolved(report.executable))), 'lib');
  const roots = [libDir, join(basePrefix, 'lib'), join(basePrefix, 'lib64'), besides];
  return roots.flatMap((root) => {
    if (root === null || !isAbsolute(root)) return [];
    return multiarch === null ? [root] : [root, join(root, multiarch)];
  });
}
