// Words a diagnosis for people. Finds out nothing by itself.

import type { Outcome, Survey } from '@multicore-python/core';
import type { Check, Diagnosis } from './examine.js';

/** Paints text, or leaves it as it is. */
export interface Palette {
  good(text: string): string;
  bad(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

/**
 * The colours of a terminal, or none.
 *
 * @example
 * ```ts
 * palette(process.stdout.isTTY).good('ok');
 * ```
 */
export function palette(colours: boolean): Palette {
  const paint = (on: number, off: number) => (text: string) =>
    colours ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { good: paint(32, 39), bad: paint(31, 39), dim: paint(2, 22), bold: paint(1, 22) };
}

/** The whole report as text. */
export function render(diagnosis: Diagnosis, colours: Palette): string {
  const { survey, addon, isolation, node } = diagnosis;
  const others = survey.outcomes.filter((outcome) => outcome !== survey.chosen);
  return [
    colours.bold('Multicore Python doctor'),
    `Node ${node.version} on ${node.platform}`,
    '',
    ...renderChosen(survey, colours),
    ...(others.length > 0
      ? [
          '',
          colours.bold('Others, in the order of preference'),
          ...others.flatMap((one) => renderOther(one, colours)),
        ]
      : []),
    '',
    ...renderCheck('Native addon', addon, ({ path, origin }) => `${path} (${origin})`, colours),
    ...renderCheck(
      'GIL isolation',
      isolation,
      ({ detail, rounds }) => `${detail}: ${rounds} turns taken without giving up a GIL`,
      colours,
    ),
    '',
    diagnosis.ok ? colours.good('All is well.') : colours.bad('There is a problem: see above.'),
    '',
  ].join('\n');
}

function renderChosen({ chosen, refused }: Survey, colours: Palette): readonly string[] {
  if (refused !== null) {
    return [
      `${colours.bad('✗')} CPython: the explicit choice cannot be used, and nothing else is used in its place`,
    ];
  }
  if (chosen === null) {
    return [
      `${colours.bad('✗')} CPython: none that can be used`,
      '    fix: Install CPython 3.13 or newer with its shared library (uv python install 3.13).',
    ];
  }
  const lines = [
    `${colours.good('✓')} CPython ${chosen.version}: ${chosen.executable}`,
    `    why: the first usable one: ${chosen.found}`,
    `    libpython: ${chosen.libpython}`,
    `    standard library: ${chosen.stdlib}`,
  ];
  return chosen.venv === null
    ? lines
    : [...lines, `    venv: ${chosen.venv}, its packages can be imported`];
}

function renderOther(outcome: Outcome, colours: Palette): readonly string[] {
  if (outcome.status === 'usable') {
    return [
      `${colours.good('○')} ${outcome.executable} ${colours.dim(`(${outcome.found})`)}`,
      `    usable: Python ${outcome.version}`,
    ];
  }
  const tried = outcome.tried ?? [];
  return [
    `${colours.bad('✗')} ${outcome.executable} ${colours.dim(`(${outcome.found})`)}`,
    `    ${outcome.reason} ${colours.dim(outcome.code)}`,
    `    fix: ${outcome.fix}`,
    ...(outcome.code === 'ERR_PYTHON_STATIC'
      ? tried.map((path) => colours.dim(`    looked for ${path}`))
      : []),
  ];
}

function renderCheck<T>(
  name: string,
  check: Check<T>,
  describe: (value: T) => string,
  colours: Palette,
): readonly string[] {
  switch (check.status) {
    case 'ok':
      return [`${colours.good('✓')} ${name}: ${describe(check.value)}`];
    case 'skipped':
      return [`${colours.dim('–')} ${name}: not checked, ${check.message}`];
    case 'failed':
      return [
        `${colours.bad('✗')} ${name}: ${check.message.replaceAll('\n', '\n    ')} ${colours.dim(check.code)}`,
      ];
  }
}
