// In which language the processes of a program are: all in one, or in both by turns.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Process, python } from '@multicore-python/csp';

/** What the processes of a program are written in. */
export type Language = 'typescript' | 'python' | 'mixed';
export const LANGUAGES: readonly Language[] = ['typescript', 'python', 'mixed'];

/** Makes a process in one of the two languages. */
export type Choose = <R>(inTypeScript: () => Process<R>, inPython: () => Process<R>) => Process<R>;

/** Chooses for one process after the other; `mixed` begins with TypeScript and takes turns. */
export function chooser(language: Language): Choose {
  let turn = 0;
  return (inTypeScript, inPython) => {
    turn += 1;
    const isPython = language === 'python' || (language === 'mixed' && turn % 2 === 0);
    return isPython ? inPython() : inTypeScript();
  };
}

// Beside this file, or, when it was compiled, beside its source.
const here = new URL('./python', import.meta.url);
const source = new URL('../../csp/python', import.meta.url);
const modules = fileURLToPath(existsSync(here) ? here : source);

/** A Python process from a module of the examples. */
export function fromModule<R>(
  target: string,
  args: readonly unknown[],
  name: string,
  serial = true,
): Process<R> {
  return python<R>(target, args, { name, path: [modules], serial });
}
