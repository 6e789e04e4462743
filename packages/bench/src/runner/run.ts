// A whole run: which cases, who can take part, suite after suite. Prints nothing: it reports events.

import type { Surroundings } from '../host/command.js';
import { findCores } from '../machine/cores.js';
import { describeMachine, type MachineInfo } from '../machine/describe.js';
import {
  type CaseResult,
  REFERENCE,
  type Skip,
  type Suite,
  type SuiteResult,
} from '../method/model.js';
import { prepareContenders } from '../peers/availability.js';
import { CONTENDERS, contenderOf } from '../peers/contenders.js';
import { peersDirectory } from '../peers/install.js';
import { SUITES } from '../suites/index.js';
import { ownVersion } from '../version.js';
import { runCase } from './case.js';
import { leftOutBecause, planRun } from './plan.js';
import { Programs } from './programs.js';
import { findPython, pythonPath } from './python.js';

/** What a run is asked for. */
export interface RunRequest {
  readonly quick: boolean;
  /** Suites and cases whose `suite/case` contains one of these. */
  readonly filter: readonly string[];
  /** Contenders beside ourselves; null: all, an empty list: none. */
  readonly peers: readonly string[] | null;
  /** A Python executable, used as it is; null: a virtual environment of the one that the product would use. */
  readonly python: string | null;
}

/** What is told while it runs. */
export type RunEvent =
  | { readonly kind: 'preparing'; readonly step: string }
  | { readonly kind: 'machine'; readonly machine: MachineInfo }
  | { readonly kind: 'suite'; readonly suite: Suite }
  | { readonly kind: 'step'; readonly step: string; readonly done: number; readonly of: number }
  | { readonly kind: 'case'; readonly suite: Suite; readonly result: CaseResult };

/** All that a run found out. */
export interface RunResult {
  /** Of this format. */
  readonly schema: 1;
  readonly version: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly quick: boolean;
  readonly filter: readonly string[];
  readonly machine: MachineInfo;
  readonly suites: readonly SuiteResult[];
  /** Contenders that cannot run here. */
  readonly skipped: readonly Skip[];
  /** Cases as `suite/case` that a quick run had no time for, or does not begin with. */
  readonly leftOut: readonly Skip[];
}

const OUT_OF_TIME = 'the time of a quick run was used up';

/** Runs what was asked for. */
export async function runBenchmarks(
  request: RunRequest,
  onEvent: (event: RunEvent) => void,
): Promise<RunResult> {
  const start = performance.now();
  const startedAt = new Date().toISOString();
  const plan = planRun(SUITES, request);
  const { suites, pace } = plan;
  const python = await findPython(request.python, peersDirectory());
  const machine = describeMachine(python);
  onEvent({ kind: 'machine', machine });

  const needed = new Set(
    suites
      .flatMap(({ cases }) => cases.flatMap(({ entries }) => entries))
      .filter((entry) => leftOutBecause(entry, pace) === null)
      .map(({ contender }) => contender),
  );
  const reasons = new Map<string, string>();
  const wanted = CONTENDERS.filter(({ id }) => {
    if (!needed.has(id)) return false;
    if (request.peers === null || request.peers.includes(id)) return true;
    return id === REFERENCE;
  });
  const available = await prepareContenders(wanted, python, (step) =>
    onEvent({ kind: 'preparing', step }),
  );
  for (const [id, reason] of available.reasons) reasons.set(id, reason);

  const around: Surroundings = {
    python: python.executable,
    virtualEnvironment: python.virtualEnvironment,
    path: pythonPath(python),
    libpython: python.libpython,
    peers: peersDirectory(),
    native: available.native,
  };
  const cores = findCores();
  const of = suites.reduce((sum, { cases }) => sum + cases.length, 0);
  const results: SuiteResult[] = [];
  const leftOut: Skip[] = [...plan.leftOut];
  const measuringSince = performance.now();
  const outOfTime = (): boolean =>
    pace.totalMs !== null && performance.now() - measuringSince > pace.totalMs;
  let done = 0;
  for (const suite of suites) {
    onEvent({ kind: 'suite', suite });
    const programs = new Programs(around);
    const cases: CaseResult[] = [];
    try {
      for (const theCase of suite.cases) {
        if (outOfTime()) {
          leftOut.push({ what: `${suite.id}/${theCase.id}`, reason: OUT_OF_TIME });
          continue;
        }
        const result = await runCase(theCase, {
          programs,
          around,
          takesPart: (id) => wanted.some((contender) => contender.id === id),
          reasons,
          versions: available.versions,
          pace,
          cores,
          onStep: (step) =>
            onEvent({ kind: 'step', step: `${suite.id}/${theCase.id}: ${step}`, done, of }),
        });
        done += 1;
        cases.push(result);
        onEvent({ kind: 'case', suite, result });
      }
    } finally {
      await programs.close();
    }
    if (cases.length === 0) continue;
    results.push({ id: suite.id, title: suite.title, about: suite.about, cases });
  }
  return {
    schema: 1,
    version: ownVersion(),
    startedAt,
    seconds: Math.round((performance.now() - start) / 1000),
    quick: request.quick,
    filter: request.filter,
    machine,
    suites: results,
    skipped: [...reasons].map(([id, reason]) => ({ what: contenderOf(id).label, reason })),
    leftOut,
  };
}
