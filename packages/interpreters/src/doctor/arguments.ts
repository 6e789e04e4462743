// Reads the command line of `multicore-python`. Prints nothing.

import { parseArgs } from 'node:util';
import { errorText } from '@multicore-python/core';

/** What was asked for. */
export type Request =
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly problem: string }
  | { readonly kind: 'doctor'; readonly json: boolean; readonly python?: string };

export const USAGE = `Usage: multicore-python doctor [--json] [--python <path>]

Tells which CPython would be used and why, what is wrong with every other one found,
whether the native addon loads, and proves that two interpreters run at the same time.

  --json            print the findings as JSON, for programs
  --python <path>   examine this choice, as configure({ python }) would make it
  -h, --help        print this text

Exit status: 0 all is well, 1 a problem was found, 2 wrong usage.
`;

/**
 * Reads the arguments after the program's name.
 *
 * @example
 * ```ts
 * parseRequest(['doctor', '--json']); // { kind: 'doctor', json: true }
 * ```
 */
export function parseRequest(args: readonly string[]): Request {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return { kind: 'usage', problem: errorText(error) };
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: 'help' };
  const [command, ...rest] = positionals;
  if (command === undefined) return { kind: 'usage', problem: 'A command is missing.' };
  if (command !== 'doctor')
    return { kind: 'usage', problem: `There is no command ${JSON.stringify(command)}.` };
  if (rest.length > 0)
    return { kind: 'usage', problem: `Unexpected argument ${JSON.stringify(rest[0])}.` };
  if (values.python === '') return { kind: 'usage', problem: '--python needs a path.' };
  const json = values.json === true;
  return values.python === undefined
    ? { kind: 'doctor', json }
    : { kind: 'doctor', json, python: values.python };
}

function parse(args: readonly string[]): {
  values: { help?: boolean | undefined; json?: boolean | undefined; python?: string | undefined };
  positionals: string[];
} {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      json: { type: 'boolean' },
      python: { type: 'string' },
    },
  });
}
