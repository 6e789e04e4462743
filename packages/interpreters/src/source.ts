// Python source that carries the values it uses. The `python` tag, rendering and names; running it
// is the interpreter's business.

import { MulticoreError } from '@multicore-python/core';
import { dedent } from './dedent.js';

/**
 * Python source with its values bound as data. Made by the {@link python} tag; run by
 * `exec`, `evaluate` and their kin.
 */
export class PythonSource {
  /** The text, with a name in each place where a value was. */
  readonly text: string;
  /** The values by the names that stand for them in the text. */
  readonly bindings: Readonly<Record<string, unknown>>;

  constructor(text: string, bindings: Readonly<Record<string, unknown>>) {
    this.text = text;
    this.bindings = Object.freeze({ ...bindings });
    Object.freeze(this);
  }

  toString(): string {
    return this.text;
  }
}

/**
 * Makes a source whose values are bound as data: they are never spliced into the text, so nothing in
 * them can become code. Indentation common to all lines is taken away. A source inside a source is
 * put in its place with its own values.
 *
 * Gotcha: a value inside quotes stays text: write `${name}`, not `"${name}"`.
 *
 * @example
 * const values = [1, 2, 3];
 * await py.exec(python`
 *   total = sum(${values})
 * `);
 * await py.evaluate<number>(python`total * ${2}`); // 12
 */
export function python(strings: TemplateStringsArray, ...values: readonly unknown[]): PythonSource {
  if (!Array.isArray(strings?.raw))
    throw new MulticoreError(
      'ERR_INVALID_ARGUMENT',
      'python is a tag for templates: python`…`. Plain text needs none.',
    );
  const bindings: Record<string, unknown> = {};
  const site = siteOf(strings);
  const pieces = values.map((value, index) =>
    value instanceof PythonSource
      ? inline(value, bindings)
      : bind(`_js${site}_${index}`, value, bindings),
  );
  return new PythonSource(dedent(strings.raw.map(unescapeTemplate), pieces), bindings);
}

// A name belongs to a place in the program: running the same line again reuses it, so `__main__`
// does not grow, and code that another line left behind keeps the values it was given.
const sites = new WeakMap<TemplateStringsArray, number>();
let siteCount = 0;

function siteOf(strings: TemplateStringsArray): number {
  const known = sites.get(strings);
  if (known !== undefined) return known;
  siteCount += 1;
  sites.set(strings, siteCount);
  return siteCount;
}

function bind(name: string, value: unknown, bindings: Record<string, unknown>): string {
  bindings[name] = value;
  return name;
}

function inline(source: PythonSource, bindings: Record<string, unknown>): string {
  let text = source.text;
  for (const [name, value] of Object.entries(source.bindings)) {
    let free = name;
    // The same piece may be used twice with different values.
    for (
      let copy = 1;
      Object.hasOwn(bindings, free) && !Object.is(bindings[free], value);
      copy += 1
    )
      free = `${name}_${copy}`;
    if (free !== name) text = text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), free);
    bindings[free] = value;
  }
  return text;
}

/** Escapes are Python's, not JavaScript's; only what a template itself needs is undone. */
function unescapeTemplate(raw: string): string {
  return raw.replaceAll('\\`', '`').replaceAll('\\${', '${');
}
