// Runs one case with the programs it names, and makes its result. How rounds go is in src/method/measure.ts.

import type { Surroundings } from '../host/command.js';
import type { Cores } from '../machine/cores.js';
import { memoryOf } from '../machine/proc.js';
import { measureCase, type OnStep, type Side, type SideResult } from '../method/measure.js';
import {
  type Case,
  type CaseResult,
  type CoresUsed,
  type Entry,
  type EntryResult,
  MEASURES,
  REFERENCE,
  type Skip,
} from '../method/model.js';
import { countedSamples, mean, pairedRatios, summarize } from '../method/statistics.js';
import { contenderOf } from '../peers/contenders.js';
import { freshSide, memorySide } from './fresh.js';
import { leftOutBecause, type Pace, roundsOf, sampleMsOf } from './plan.js';
import type { Programs } from './programs.js';
import { WarmSide } from './warm.js';

/** What a case needs from the run. */
export interface Scene {
  readonly programs: Programs;
  readonly around: Surroundings;
  /** Whether a contender was asked for. */
  readonly takesPart: (contender: string) => boolean;
  /** By contender: why it cannot run here. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly versions: ReadonlyMap<string, string>;
  readonly pace: Pace;
  /** For cases that take cores in turn. */
  readonly cores: Cores;
  readonly onStep: OnStep;
}

/** One entry with the process that runs it. */
interface Cast {
  readonly entry: Entry;
  readonly side: Side;
  /** The side itself, if its process stays. */
  readonly warm: WarmSide | null;
}

/** Runs a case. */
export async function runCase(theCase: Case, scene: Scene): Promise<CaseResult> {
  const skipped: Skip[] = [];
  const cast: Cast[] = [];
  for (const entry of theCase.entries) {
    const name = nameOf(entry);
    if (!scene.takesPart(entry.contender)) continue;
    const reason = leftOutBecause(entry, scene.pace) ?? scene.reasons.get(entry.contender);
    if (reason !== undefined) {
      skipped.push({ what: name, reason });
      continue;
    }
    scene.onStep(`starting ${name}`);
    try {
      cast.push(await castOf(theCase, entry, name, scene));
    } catch (error) {
      skipped.push({ what: name, reason: firstLine(error) });
    }
  }
  const planned = roundsOf(theCase, scene.pace);
  const cores = coresOf(theCase, scene.cores);
  const { results, fallen, rounds } = await measureCase(
    cast.map(({ side }) => side),
    {
      measure: theCase.measure,
      rounds: planned,
      sampleMs: sampleMsOf(theCase, scene.pace),
      budgetMs: scene.pace.caseMs,
      checkedOperations: theCase.checkedOperations ?? 1,
      cores: cores !== null && 'inTurn' in cores ? cores.inTurn : [],
      processes: theCase.processes ?? 1,
    },
    scene.onStep,
  );
  for (const { name, reason } of fallen) skipped.push({ what: name, reason });
  const { unit, better } = MEASURES[theCase.measure];
  const reference = results.find(({ name }) => isReference(cast, name));
  const entries = results.map((result) =>
    entryResult(
      result,
      cast.find(({ side }) => side.name === result.name) as Cast,
      reference,
      better,
      scene,
    ),
  );
  const samples = results.flatMap((result) => result.samples);
  return {
    id: theCase.id,
    title: theCase.title,
    note: theCase.note ?? null,
    measure: theCase.measure,
    unit,
    better,
    entries,
    skipped,
    disturbed: { rounds: samples.filter(({ disturbed }) => disturbed).length, of: samples.length },
    ...(rounds < planned ? { cut: { rounds, of: planned } } : {}),
    ...(cores === null ? {} : { cores }),
  };
}

async function castOf(theCase: Case, entry: Entry, name: string, scene: Scene): Promise<Cast> {
  if (theCase.measure === 'process')
    return { entry, side: freshSide(entry, name, scene.around), warm: null };
  if (theCase.measure === 'memory' || theCase.measure === 'resident') {
    const kind = theCase.measure === 'memory' ? 'pss' : 'rss';
    return { entry, side: memorySide(entry, theCase.id, kind, name, scene.around), warm: null };
  }
  const { program, slow, workload = theCase.id } = entry;
  const side = new WarmSide(await scene.programs.get(program), {
    name,
    workload,
    cores: scene.cores,
    ...(slow === undefined ? { renew: () => scene.programs.renew(program) } : {}),
  });
  return { entry, side, warm: side };
}

/** The cores that the rounds of a case take in turn, or why they do not; null: it asked for none. */
function coresOf({ cores }: Case, here: Cores): CoresUsed | null {
  if (cores === undefined) return null;
  return 'allowed' in here ? { inTurn: here.allowed } : { notInTurn: here.notHere };
}

function entryResult(
  result: SideResult,
  { entry, warm }: Cast,
  reference: SideResult | undefined,
  better: 'lower' | 'higher',
  scene: Scene,
): EntryResult {
  const host = warm?.host;
  const ratios =
    reference === undefined || reference === result
      ? null
      : pairedRatios(reference.samples, result.samples, better);
  return {
    contender: entry.contender,
    label: contenderOf(entry.contender).label,
    version: host?.hello.version ?? scene.versions.get(entry.contender) ?? null,
    variant: entry.variant ?? null,
    operations: result.operations,
    samples: result.samples,
    summary: summarize(countedSamples(result.samples).map(({ value }) => value)),
    cpuSeconds: result.cpu.length === 0 ? null : mean(result.cpu),
    memoryBytes: host?.alive !== true ? null : (memoryOf(host.pid)?.pss ?? null),
    ratio: ratios === null ? null : summarize(countedSamples(ratios).map(({ value }) => value)),
  };
}

function isReference(cast: readonly Cast[], name: string): boolean {
  return cast.some(({ entry, side }) => side.name === name && entry.contender === REFERENCE);
}

/** What a side is called in messages. */
export function nameOf({ contender, variant }: Entry): string {
  const { label } = contenderOf(contender);
  return variant === undefined ? label : `${label} (${variant})`;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.trim().split('\n', 1)[0] ?? 'no reason given').slice(0, 300);
}
