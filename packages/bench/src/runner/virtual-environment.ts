// A virtual environment without packages, made from a Python and kept: what is installed in the user's own
// must not decide figures. Which Python it is made from is in python.ts.

import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../peers/run.js';

/** What it came to: the folder and the Python in it, or why there is none. */
export type Environment =
  | { readonly directory: string; readonly executable: string }
  | { readonly reason: string };

/** What it is made from. */
export interface BasePython {
  readonly executable: string;
  /** `3.13.0` */
  readonly version: string;
}

// venv takes a tenth of a second without pip.
const TIMEOUT_MS = 60_000;

const [FOLDER, PYTHON] =
  process.platform === 'win32'
    ? (['Scripts', 'python.exe'] as const)
    : (['bin', 'python3'] as const);

/** Its version, whether it is a virtual environment, and what is installed in it. */
const ASK = `
import os, sys
print(".".join(map(str, sys.version_info[:3])), sys.prefix != sys.base_prefix)
for folder in sys.path:
    if os.path.basename(folder) in ("site-packages", "dist-packages") and os.path.isdir(folder):
        for name in os.listdir(folder):
            print(name)
`;

/**
 * Gives the virtual environment of a Python below a folder: the one that is there if it still works and
 * is empty, else a new one in its place.
 */
export async function virtualEnvironment(base: BasePython, below: string): Promise<Environment> {
  const key = createHash('sha256').update(base.executable).digest('hex').slice(0, 8);
  const directory = join(below, `${base.version}-${key}`);
  const executable = join(directory, FOLDER, PYTHON);
  if ((await complaint(executable, base)) === null) return { directory, executable };
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    return { reason: (error as Error).message };
  }
  const made = await run(base.executable, ['-m', 'venv', '--without-pip', directory], {
    timeoutMs: TIMEOUT_MS,
  });
  if (made.code !== 0) return { reason: lastLine(made.output) };
  const wrong = await complaint(executable, base);
  return wrong === null ? { directory, executable } : { reason: wrong };
}

/** What is wrong with the Python of an environment; null: nothing. */
async function complaint(executable: string, { version }: BasePython): Promise<string | null> {
  const { code, output } = await run(executable, ['-c', ASK], { timeoutMs: TIMEOUT_MS });
  const [says, ...installed] = output.trim().split(/\r?\n/);
  if (code !== 0) return lastLine(output);
  if (says !== `${version} True`) return `it says that it is ${says}, not a ${version} of its own`;
  return installed.length === 0 ? null : `it has ${installed.join(', ')} in it`;
}

function lastLine(output: string): string {
  return (output.trim().split('\n').at(-1) ?? '').slice(0, 200) || 'it said nothing';
}
