// Picks the CPython to use: the explicit choice, or the first usable candidate. The only place that knows the policy.

import { MulticoreError } from '../errors.js';
import { type AskOptions, ask, behind, isExplicit } from './ask.js';
import { explain, refusal } from './explain.js';
import { resolved } from './files.js';
import { currentHost, type Host } from './host.js';
import { venvOf } from './layout.js';
import { candidates, explicitCandidate } from './sources.js';
import type { Candidate, Outcome, PythonInfo, RejectedPython, Survey } from './types.js';

/** What a search may be told. */
export interface FindOptions {
  /** The explicit choice of `configure({ python })`. */
  readonly python?: string;
  /** Another machine than the current one, for tests. */
  readonly host?: Host;
  /** How long each candidate may take to answer. Default: 5,000 ms. */
  readonly timeoutMs?: number;
  /** Whether the answers of earlier runs may be used and kept. Default: `true`. */
  readonly cache?: boolean;
}

/**
 * Finds the CPython to use, stopping at the first usable one. Blocks for the few milliseconds that one child process takes, or
 * none if the candidate answered in an earlier run. Never starts Python in this process.
 *
 * @throws {MulticoreError} the explicit choice's own code if there is one and it failed;
 * else `ERR_PYTHON_NOT_FOUND` with every candidate, its reason and its fix in the message.
 *
 * @example
 * ```ts
 * const { executable, version, found } = findPython();
 * console.log(`Python ${version}: ${executable}, ${found}`);
 * ```
 */
export function findPython(options: FindOptions = {}): PythonInfo {
  const outcomes: Outcome[] = [];
  for (const outcome of search(options)) {
    if (outcome.status === 'usable') return outcome;
    if (isExplicit(outcome)) throw new MulticoreError(outcome.code, refusal(outcome));
    outcomes.push(outcome);
  }
  const rejected = outcomes.filter((outcome) => outcome.status === 'rejected');
  throw new MulticoreError('ERR_PYTHON_NOT_FOUND', explain(rejected));
}

/**
 * Looks at every candidate, however many processes it takes. For `doctor`; programs use {@link findPython}.
 *
 * @example
 * ```ts
 * for (const { executable, status } of surveyPythons().outcomes) console.log(status, executable);
 * ```
 */
export function surveyPythons(options: FindOptions = {}): Survey {
  const outcomes = [...search({ ...options, cache: false })];
  const refused = outcomes.find(
    (outcome) => outcome.status === 'rejected' && isExplicit(outcome),
  ) as RejectedPython | undefined;
  const chosen =
    refused === undefined ? outcomes.find((outcome) => outcome.status === 'usable') : undefined;
  return { chosen: chosen ?? null, outcomes, refused: refused ?? null };
}

function* search(options: FindOptions): Generator<Outcome> {
  const host = options.host ?? currentHost();
  const limits: AskOptions = {
    timeoutMs: options.timeoutMs ?? 5_000,
    cache: options.cache ?? true,
  };
  const seen = new Set<string>();
  for (const offered of everything(options.python, host)) {
    const candidate = behind(offered, host);
    const key = identity(candidate.executable);
    if (seen.has(key)) continue;
    seen.add(key);
    const outcome = 'status' in candidate ? candidate : ask(candidate, host, limits);
    // A wrapper script stands for another candidate: whichever of the two comes first is reported.
    const real = identity(outcome.executable);
    if (real !== key && seen.has(real)) continue;
    seen.add(real);
    yield outcome;
  }
}

function* everything(choice: string | undefined, host: Host): Generator<Candidate> {
  const fromEnv = host.env['MULTICORE_PYTHON'];
  if (choice !== undefined) yield explicitCandidate(choice, 'configure', host);
  else if (fromEnv !== undefined && fromEnv !== '')
    yield explicitCandidate(fromEnv, 'MULTICORE_PYTHON', host);
  yield* candidates(host);
}

/** Two paths to one installation are one candidate; two venvs on one installation are two. */
function identity(executable: string): string {
  const venv = venvOf(executable);
  return venv === null ? resolved(executable) : `venv:${resolved(venv)}`;
}
