// Decides from a report whether a CPython can be used, and says why not. Starts nothing.

import type { ErrorCode } from '../errors.js';
import { architecturesOf } from './binary-format.js';
import type { Host } from './host.js';
import { venvOf } from './layout.js';
import { findLibpython } from './libpython.js';
import type { Candidate, Outcome, ProbeReport, RejectedPython } from './types.js';
import { isSupported, NEWEST_MINOR, OLDEST_MINOR, SUPPORTED_RANGE } from './versions.js';

interface Complaint {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly fix: string;
  readonly version?: string;
  readonly tried?: readonly string[];
}

/** Rejects a candidate with a reason and a fix. */
export function reject(candidate: Candidate, complaint: Complaint): RejectedPython {
  const { executable, origin, found } = candidate;
  return { status: 'rejected', executable, origin, found, ...complaint };
}

/** Judges the version alone: the same for a version learned by asking and one read off a name. */
export function judgeVersion(major: number, minor: number, text: string): Complaint | null {
  if (isSupported(major, minor)) return null;
  const newer = major > 3 || (major === 3 && minor > NEWEST_MINOR);
  return {
    code: 'ERR_PYTHON_VERSION',
    version: text,
    reason: newer
      ? `is Python ${text}, which this release was not tested with (${SUPPORTED_RANGE} are supported)`
      : `is Python ${text}; 3.${OLDEST_MINOR} or newer is needed`,
    fix: newer
      ? `Update @multicore-python/core, or install CPython 3.${NEWEST_MINOR} beside it.`
      : `Install CPython 3.${OLDEST_MINOR} or newer (for example: uv python install 3.${OLDEST_MINOR}, or pyenv install 3.${OLDEST_MINOR}).`,
  };
}

/** Judges everything that a candidate said about itself. */
export function judge(candidate: Candidate, report: ProbeReport, host: Host): Outcome {
  const version = report.version.join('.');
  const early = judgeBuild(report, version);
  if (early !== null) return reject(candidate, early);
  const { path, tried } = findLibpython(report, host);
  if (path === null) return reject(candidate, { ...noLibrary(report, host), version, tried });
  const late = judgeLibrary(path, report, host);
  if (late !== null) return reject(candidate, { ...late, version, tried });
  return {
    status: 'usable',
    executable: report.executable,
    version: report.releaseLevel === 'final' ? version : `${version} (${report.releaseLevel})`,
    versionInfo: report.version,
    libpython: path,
    basePrefix: report.basePrefix,
    venv: venvOf(report.executable),
    stdlib: report.stdlib,
    dynload: report.dynload,
    origin: candidate.origin,
    found: candidate.found,
  };
}

function judgeBuild(report: ProbeReport, version: string): Complaint | null {
  if (report.implementation !== 'cpython') {
    return {
      code: 'ERR_PYTHON_IMPLEMENTATION',
      version,
      reason: `is ${report.implementation}, not CPython`,
      fix: `Install CPython ${SUPPORTED_RANGE}: only CPython has interpreters with a GIL each.`,
    };
  }
  const [major, minor] = report.version;
  const outdated = judgeVersion(major, minor, version);
  if (outdated !== null) return outdated;
  if (!report.freeThreaded) return null;
  return {
    code: 'ERR_PYTHON_FREE_THREADED',
    version,
    reason: `is a free-threaded build of Python ${version}`,
    fix: `Use the ordinary build of the same version (its name has no "t": python${major}.${minor}).`,
  };
}

function noLibrary(report: ProbeReport, host: Host): Complaint {
  const [major, minor, micro] = report.version;
  const name = `${major}.${minor}`;
  const ofSystem = host.platform === 'linux' && report.basePrefix === '/usr';
  return {
    code: 'ERR_PYTHON_STATIC',
    reason: 'has no shared libpython',
    fix: ofSystem
      ? `Install the system’s library package (Debian, Ubuntu: apt install libpython${name}; Fedora: dnf install python${name}-libs).`
      : `Use a build with one: uv python install ${name}, or PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force ${name}.${micro}.`,
  };
}

function judgeLibrary(path: string, report: ProbeReport, host: Host): Complaint | null {
  const code = 'ERR_PYTHON_ARCHITECTURE';
  const architectures = architecturesOf(path);
  if (architectures === null) {
    return {
      code: 'ERR_PYTHON_BROKEN',
      reason: `has a libpython that is no library: ${path}`,
      fix: 'Reinstall it.',
    };
  }
  if (!architectures.includes(host.arch)) {
    const theirs = architectures.join(' and ');
    return {
      code,
      reason: `is built for ${theirs}, this Node for ${host.arch}`,
      fix: `Install a CPython for ${host.arch}, or a Node for ${theirs}.`,
    };
  }
  const libc = libcOf(report);
  if (libc === null || host.libc === null || libc === host.libc) return null;
  return {
    code,
    reason: `is built for ${libc}, this Node for ${host.libc}`,
    fix: `Install a CPython for ${host.libc}, or a Node for ${libc}.`,
  };
}

function libcOf(report: ProbeReport): Host['libc'] {
  if (report.platform !== 'linux') return null;
  const triplet = `${report.soabi ?? ''} ${report.multiarch ?? ''}`;
  if (triplet.includes('musl')) return 'musl';
  return triplet.includes('gnu') ? 'glibc' : null;
}
