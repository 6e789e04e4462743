// The words of discovery: candidates, what they answer, how they are judged. Types only, no code.

import type { ErrorCode } from '../errors.js';

/** Where a candidate was found, in the order in which discovery looks. */
export type Origin =
  | 'configure'
  | 'MULTICORE_PYTHON'
  | 'VIRTUAL_ENV'
  | 'CONDA_PREFIX'
  | '.venv'
  | 'PATH'
  | 'pyenv'
  | 'uv'
  | 'system';

/** A place where a Python may be. It has not been asked anything yet. */
export interface Candidate {
  /** The path to start, not resolved: a venv's `bin/python` must stay one. */
  readonly executable: string;
  readonly origin: Origin;
  /** Where exactly it came from, as a person would say it: `python3.13 on PATH`. */
  readonly found: string;
  /** Its version as far as a file or folder name tells it, to save the child process. */
  readonly namedVersion?: readonly [major: number, minor: number];
}

/** What a running Python said about itself. Validated, but not judged. */
export interface ProbeReport {
  readonly implementation: string;
  readonly version: readonly [major: number, minor: number, micro: number];
  /** `final`, `alpha`, `beta` or `candidate`. */
  readonly releaseLevel: string;
  readonly executable: string;
  readonly basePrefix: string;
  readonly stdlib: string;
  /** The folder of the standard library's extension modules, if it has one. */
  readonly dynload: string | null;
  readonly platform: string;
  readonly bits: 32 | 64;
  readonly freeThreaded: boolean;
  readonly abiFlags: string;
  readonly soabi: string | null;
  readonly multiarch: string | null;
  readonly ldLibrary: string | null;
  readonly instSoname: string | null;
  readonly libDir: string | null;
  readonly framework: string | null;
  readonly frameworkPrefix: string | null;
}

/**
 * A CPython that can be loaded, and how it was found. Everything that starting it needs is here.
 *
 * Gotcha: `executable` is not resolved. In a venv it is the venv's own, and becomes the program name,
 * so that `site` adds the venv's packages; `libpython` comes from the base installation.
 */
export interface PythonInfo {
  readonly status: 'usable';
  /** What Python calls `sys.executable`; the program name to start it with. */
  readonly executable: string;
  /** `3.13.0` */
  readonly version: string;
  readonly versionInfo: readonly [major: number, minor: number, micro: number];
  /** Absolute path of the shared library to open. */
  readonly libpython: string;
  /** `sys.base_prefix`: the installation that the standard library belongs to. */
  readonly basePrefix: string;
  /** The root of the venv, or `null` outside of one. */
  readonly venv: string | null;
  /** The folder of the standard library's `.py` files. */
  readonly stdlib: string;
  /** The folder of the standard library's extension modules, or `null` if they are built in. */
  readonly dynload: string | null;
  readonly origin: Origin;
  /** Where exactly it was found: `python3.13 on PATH`. */
  readonly found: string;
}

/** A candidate that cannot be used, why, and what would make it usable. */
export interface RejectedPython {
  readonly status: 'rejected';
  readonly executable: string;
  readonly origin: Origin;
  readonly found: string;
  readonly code: ErrorCode;
  /** What is wrong, as a sentence without its subject: `is Python 3.11.7; 3.13 or newer is needed`. */
  readonly reason: string;
  /** What to do, as an imperative sentence. */
  readonly fix: string;
  /** The version, where it was learned before the rejection. */
  readonly version?: string;
  /** Each path where libpython was looked for, where that was the problem. */
  readonly tried?: readonly string[];
}

/** How a candidate was judged. */
export type Outcome = PythonInfo | RejectedPython;

/** What was looked at and what came of it. */
export interface Survey {
  /** The one that would be used; `null` if there is none, or if the explicit choice failed. */
  readonly chosen: PythonInfo | null;
  /** Every outcome in the order of preference, `chosen` included. */
  readonly outcomes: readonly Outcome[];
  /** The explicit choice, when it failed: nothing else is used in its place. */
  readonly refused: RejectedPython | null;
}
