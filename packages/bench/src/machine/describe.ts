// The machine and the versions that a run is about, for its report.

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** The machine of a run. */
export interface MachineInfo {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly libc: string | null;
  readonly node: string;
  readonly python: string;
  /** Which Python of this version it is: our own virtual environment, or whose. Older results do not say. */
  readonly pythonEnvironment?: string;
  /** Before the run: over one, five and fifteen minutes. */
  readonly load: readonly number[];
}

/** Describes this machine. */
export function describeMachine(python: {
  readonly version: string;
  readonly environment: string;
}): MachineInfo {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${distribution() ?? type()}, kernel ${release()}, ${process.arch}`,
    libc: libcVersion(),
    node: process.versions.node,
    python: python.version,
    pythonEnvironment: python.environment,
    load: loadavg().map((value) => Math.round(value * 100) / 100),
  };
}

function distribution(): string | null {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}

function libcVersion(): string | null {
  const report = process.report?.getReport() as
    | { readonly header?: { readonly glibcVersionRuntime?: string } }
    | undefined;
  const version = report?.header?.glibcVersionRuntime;
  return version === undefined ? null : `glibc ${version}`;
}
