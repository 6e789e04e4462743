// Turns what a candidate printed into a ProbeReport, or into nothing. Trusts no field of it.

import { MARKER } from './probe-script.js';
import type { ProbeReport } from './types.js';

/** Reads the answer out of a candidate's output; `null` if there is no valid one. */
export function parseReport(stdout: string): ProbeReport | null {
  const line = stdout.split(/\r?\n/).find((each) => each.startsWith(MARKER));
  if (line === undefined) return null;
  let answer: unknown;
  try {
    answer = JSON.parse(line.slice(MARKER.length));
  } catch {
    return null;
  }
  return readReport(answer);
}

function readReport(answer: unknown): ProbeReport | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const fields = new Map<string, unknown>(Object.entries(answer));
  const text = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const optional = (name: string): string | null => text(name) || null;
  const number = (name: string): number | undefined => {
    const value = fields.get(name);
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
      ? value
      : undefined;
  };

  const [major, minor, micro] = [number('major'), number('minor'), number('micro')];
  const [implementation, executable, basePrefix] = [
    text('implementation'),
    text('executable'),
    text('basePrefix'),
  ];
  const [stdlib, platform, bits] = [text('stdlib'), text('platform'), number('bits')];
  if (major === undefined || minor === undefined || micro === undefined) return null;
  if (!implementation || !executable || !basePrefix || !stdlib || !platform) return null;
  if (bits !== 32 && bits !== 64) return null;
  return {
    implementation,
    version: [major, minor, micro],
    releaseLevel: text('releaseLevel') ?? 'final',
    executable,
    basePrefix,
    stdlib,
    dynload: optional('dynload'),
    platform,
    bits,
    freeThreaded: number('freeThreaded') === 1,
    abiFlags: text('abiFlags') ?? '',
    soabi: optional('soabi'),
    multiarch: optional('multiarch'),
    ldLibrary: optional('ldLibrary'),
    instSoname: optional('instSoname'),
    libDir: optional('libDir'),
    framework: optional('framework'),
    frameworkPrefix: optional('frameworkPrefix'),
  };
}
