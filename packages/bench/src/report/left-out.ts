// Cases that were left out, by reason and suite, in words: for the terminal and the report.

import type { Skip } from '../method/model.js';

/** `not in --quick: data: to-ints-100k, from-ints-100k`: a line for each reason and suite. */
export function leftOutLines(leftOut: readonly Skip[]): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const { what, reason } of leftOut) {
    const [suite = '', id = ''] = what.split('/');
    const start = `${reason}: ${suite}: `;
    lines.set(start, [...(lines.get(start) ?? []), id]);
  }
  return [...lines].map(([start, ids]) => start + ids.join(', '));
}
