// The command line.

import { parseArgs } from 'node:util';
import { CONTENDERS } from '../peers/contenders.js';

/** What the command line asks for. */
export interface Options {
  readonly quick: boolean;
  readonly filter: readonly string[];
  readonly peers: readonly string[] | null;
  readonly python: string | null;
  /** Print the JSON document instead of tables. */
  readonly json: boolean;
  /** Where results go; null: nowhere. */
  readonly out: string | null;
  /** Write the performance section between the markers of this file. */
  readonly readme: string | null;
  /** Use the results of this file instead of running anything. */
  readonly from: string | null;
  readonly list: boolean;
  readonly help: boolean;
}

/** A command line that makes no sense; the message is for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the command line. */
export function parseOptions(args: readonly string[]): Options {
  const values = parse(args);
  const peers = values.peers === undefined ? null : parsePeers(values.peers);
  return {
    quick: values.quick ?? false,
    filter: (values.filter ?? []).flatMap(split),
    peers,
    python: values.python ?? null,
    json: values.json ?? false,
    out: values.out ?? null,
    readme: values.readme === undefined ? null : values.readme === '' ? 'README.md' : values.readme,
    from: values.from ?? null,
    list: values.list ?? false,
    help: values.help ?? false,
  };
}

interface Values {
  readonly quick?: boolean;
  readonly filter?: string[];
  readonly peers?: string;
  readonly python?: string;
  readonly json?: boolean;
  readonly out?: string;
  readonly readme?: string;
  readonly from?: string;
  readonly list?: boolean;
  readonly help?: boolean;
}

function parse(args: readonly string[]): Values {
  // `--readme` alone means README.md here; parseArgs wants a value for every string.
  const given = args.map((arg) => (arg === '--readme' ? '--readme=' : arg));
  try {
    return parseArgs({
      args: given,
      options: {
        quick: { type: 'boolean' },
        filter: { type: 'string', multiple: true },
        peers: { type: 'string' },
        python: { type: 'string' },
        json: { type: 'boolean' },
        out: { type: 'string' },
        readme: { type: 'string' },
        from: { type: 'string' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function parsePeers(text: string): readonly string[] | null {
  if (text === 'all') return null;
  if (text === 'none') return [];
  const names = split(text);
  for (const name of names) {
    if (!CONTENDERS.some(({ id }) => id === name)) {
      const known = CONTENDERS.map(({ id }) => id).join(', ');
      throw new UsageError(`no peer is called ${name}; there are: ${known}`);
    }
  }
  return names;
}

function split(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
