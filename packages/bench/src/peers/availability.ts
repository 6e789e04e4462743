// Which contenders can run here. Asks, installs and builds; each at most once in a run.

import type { Contender } from './contenders.js';
import { installPeer } from './install.js';
import { buildNative } from './native.js';
import { run } from './run.js';

/** What was found out. */
export interface Availability {
  /** By contender: why it cannot run. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Native programs by name. */
  readonly native: Readonly<Record<string, string>>;
  /** Versions of toolchains by contender. */
  readonly versions: ReadonlyMap<string, string>;
}

/** The Python of a run. */
export interface RunPython {
  /** What the programs run on. */
  readonly executable: string;
  /** The executable of the installation that it belongs to, which peers are compiled against. */
  readonly installation: string;
  readonly basePrefix: string;
  readonly version: string;
}

/** Makes the contenders available that can be. */
export async function prepareContenders(
  contenders: readonly Contender[],
  python: RunPython,
  onStep: (step: string) => void,
): Promise<Availability> {
  const reasons = new Map<string, string>();
  const native: Record<string, string> = {};
  const versions = new Map<string, string>();
  for (const { id, label, needs } of contenders) {
    if (needs.kind === 'npm') {
      onStep(`installing ${label}`);
      for (const peer of needs.peers) {
        const reason = await installPeer(peer, { ...python, executable: python.installation });
        if (reason !== null) reasons.set(id, reason);
      }
    } else if (needs.kind === 'python') {
      const missing = await missingModule(python.executable, needs.modules);
      if (missing !== null) reasons.set(id, `Python ${python.version} has no ${missing}`);
      versions.set(id, python.version);
    } else if (needs.kind === 'toolchain') {
      onStep(`building ${label}`);
      const built = await buildNative(needs.native);
      if ('reason' in built) reasons.set(id, built.reason);
      else {
        native[needs.native] = built.executable;
        versions.set(id, built.version);
      }
    }
  }
  return { reasons, native, versions };
}

async function missingModule(
  executable: string,
  modules: readonly string[],
): Promise<string | null> {
  for (const module of modules) {
    const { code } = await run(executable, ['-I', '-c', `import ${module}`]);
    if (code !== 0) return `module ${module}`;
  }
  return null;
}
