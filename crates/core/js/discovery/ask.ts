// Asks one candidate and judges it: at most one child process, bounded in time and output, none at all
// where its name, pyenv or the cache already knows the answer.

import { readCachedReport, writeCachedReport } from './cache.js';
import { isDirectory, isExecutable, isFile } from './files.js';
import type { Host, RunResult } from './host.js';
import { judge, judgeVersion, reject } from './judge.js';
import { withNamedVersion } from './layout.js';
import { PROBE_SCRIPT } from './probe-script.js';
import { behindShim } from './pyenv.js';
import { parseReport } from './report.js';
import type { Candidate, Outcome, RejectedPython } from './types.js';
import { OLDEST_MINOR } from './versions.js';

/** Limits and shortcuts of asking. */
export interface AskOptions {
  /** How long a candidate may take to answer, in milliseconds. A cold disk needs a second; a hung one must not hang Node. */
  readonly timeoutMs: number;
  /** Whether answers may be read from and kept in the user's cache folder. */
  readonly cache: boolean;
}

const MAX_OUTPUT_BYTES = 1_048_576;

/**
 * Replaces a pyenv shim by the executable that it stands for, or rejects it. Other candidates stay what they are.
 * Why here and not by running it: a shim takes 100 ms to say that its version is not active.
 */
export function behind(candidate: Candidate, host: Host): Candidate | RejectedPython {
  const shim = behindShim(candidate.executable, host);
  if (shim === null) return candidate;
  const { origin, found } = candidate;
  if (shim.kind === 'active') {
    const target = { executable: shim.executable, origin, found: `${found}, through pyenv’s shim` };
    return isExplicit(candidate) ? target : withNamedVersion(target);
  }
  const selected = shim.selected.join(', ');
  return reject(candidate, {
    code: 'ERR_PYTHON_BROKEN',
    reason: `is a pyenv shim, and the version selected by ${shim.from} (${selected}) has no ${shim.program}`,
    fix: `Select one that has it (pyenv local 3.${OLDEST_MINOR}), or name the executable itself under pyenv’s versions folder.`,
  });
}

/** Whether somebody asked for this very candidate: then its failure is an error, and nothing else is used in its place. */
export function isExplicit({ origin }: Pick<Candidate, 'origin'>): boolean {
  return origin === 'configure' || origin === 'MULTICORE_PYTHON';
}

/** Asks a candidate. Never throws. */
export function ask(candidate: Candidate, host: Host, options: AskOptions): Outcome {
  const absent = judgeFile(candidate, host);
  if (absent !== null) return absent;
  const named = candidate.namedVersion;
  const outdated = named === undefined ? null : judgeVersion(...named, named.join('.'));
  return outdated === null ? answer(candidate, host, options) : reject(candidate, outdated);
}

function judgeFile(candidate: Candidate, host: Host): Outcome | null {
  const { executable, origin } = candidate;
  const code = 'ERR_PYTHON_BROKEN';
  if (host.platform === 'darwin' && executable === '/usr/bin/python3' && !isExplicit(candidate)) {
    // Starting Apple's stub opens a dialog that offers to install Xcode.
    return reject(candidate, {
      code,
      reason: 'is Apple’s stub',
      fix: 'Install CPython from python.org, Homebrew or uv.',
    });
  }
  if (isExecutable(executable)) return null;
  if (isDirectory(executable))
    return reject(candidate, {
      code,
      reason: 'is a folder without a Python in it',
      fix: elsewhere(origin),
    });
  if (isFile(executable))
    return reject(candidate, {
      code,
      reason: 'is not executable',
      fix: `Make it so (chmod +x ${executable}), or choose another.`,
    });
  return reject(candidate, { code, reason: 'does not exist', fix: elsewhere(origin) });
}

function elsewhere(origin: Candidate['origin']): string {
  switch (origin) {
    case 'configure':
      return 'Pass the path of a python executable, of a venv, or a command on PATH to configure({ python }).';
    case 'MULTICORE_PYTHON':
      return 'Set MULTICORE_PYTHON to the path of a python executable, of a venv, or to a command on PATH; or unset it.';
    default:
      return `Recreate the environment, or deactivate it (unset ${origin}).`;
  }
}

function answer(candidate: Candidate, host: Host, options: AskOptions): Outcome {
  const known = options.cache ? readCachedReport(candidate.executable, host) : null;
  const early = known === null ? null : judge(candidate, known, host);
  if (early?.status === 'usable') return early;

  const limits = { timeoutMs: options.timeoutMs, maxBytes: MAX_OUTPUT_BYTES };
  const result = host.run(candidate.executable, ['-I', '-S', '-c', PROBE_SCRIPT], limits);
  const report = result.failure === null && result.status === 0 ? parseReport(result.stdout) : null;
  if (report === null) return reject(candidate, complaintOf(result, candidate, options));
  const outcome = judge(candidate, report, host);
  if (options.cache && outcome.status === 'usable')
    writeCachedReport(candidate.executable, report, host);
  return outcome;
}

function complaintOf(
  result: RunResult,
  candidate: Candidate,
  options: AskOptions,
): Parameters<typeof reject>[1] {
  const code = 'ERR_PYTHON_BROKEN';
  const fix = `Run ${quoted(candidate.executable)} -V in a terminal; repair or remove it, or choose another with MULTICORE_PYTHON.`;
  if (result.failure === 'ETIMEDOUT')
    return { code, reason: `did not answer within ${options.timeoutMs} ms`, fix };
  if (result.failure === 'ENOBUFS')
    return { code, reason: 'printed without end instead of answering', fix };
  if (result.failure !== null)
    return { code, reason: `cannot be started (${result.failure})`, fix };
  if (result.signal !== null) return { code, reason: `was killed by ${result.signal}`, fix };
  if (/[Uu]nknown option:? '?-I/.test(result.stderr)) {
    return judgeVersion(2, 7, '2') ?? { code, reason: 'is too old', fix };
  }
  const said = lastLine(result.stderr) ?? lastLine(result.stdout);
  const quote = said === null ? '' : `: ${said}`;
  if (result.status !== 0) {
    const store = result.status === 9009 || /WindowsApps/i.test(candidate.executable);
    return store
      ? {
          code,
          reason: 'is the Microsoft Store’s placeholder',
          fix: 'Install CPython from python.org, winget or uv.',
        }
      : { code, reason: `fails with exit status ${result.status}${quote}`, fix };
  }
  return {
    code,
    reason: `does not answer as a Python does${quote || ': it printed nothing'}`,
    fix,
  };
}

function quoted(path: string): string {
  return /\s/.test(path) ? `"${path}"` : path;
}

function lastLine(text: string): string | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  // The first line of a wrapper's complaint says more than its last; of a traceback it is the other way round.
  const line = lines[0]?.startsWith('Traceback') ? lines.at(-1) : lines[0];
  return line === undefined ? null : JSON.stringify(line.trim().slice(0, 160));
}
