// Words a failed search for people. The wording is not part of the API; the codes are.

import type { RejectedPython } from './types.js';
import { SUPPORTED_RANGE } from './versions.js';

/** The message for an explicit choice that failed. */
export function refusal(outcome: RejectedPython): string {
  return `${outcome.executable} (${outcome.found}) ${outcome.reason}.${places(outcome)}\n${outcome.fix}`;
}

/** The message for a search that found nothing usable. */
export function explain(rejected: readonly RejectedPython[]): string {
  const advice =
    `Install CPython ${SUPPORTED_RANGE} with its shared library (uv python install 3.13), ` +
    'or name one with MULTICORE_PYTHON or configure({ python }).\n' +
    'npx multicore-python doctor shows this list with every detail.';
  if (rejected.length === 0) return `No Python was found on this machine. ${advice}`;
  const lines = rejected.map(
    (one) => `  - ${one.executable} (${one.found}) ${one.reason}. ${one.fix}`,
  );
  const count =
    rejected.length === 1
      ? 'The only Python found cannot be used'
      : `None of the ${rejected.length} Pythons found can be used`;
  return `${count}:\n${lines.join('\n')}\n${advice}`;
}

function places({ tried }: RejectedPython): string {
  return tried === undefined || tried.length === 0 ? '' : ` Looked for it at: ${tried.join(', ')}.`;
}
