// The command `multicore-python`: reads arguments, prints, gives the exit status. All findings come from examine.ts.

import { parseRequest, USAGE } from './arguments.js';
import { type Diagnosis, examine } from './examine.js';
import { palette, render } from './render.js';

/** Where output goes: a part of `process`, replaceable in tests. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
  readonly colours: boolean;
}

const TERMINAL: Output = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  get colours() {
    return process.stdout.isTTY === true && !process.env['NO_COLOR'];
  },
};

/**
 * Runs the command and resolves to its exit status: 0 all is well, 1 a problem, 2 wrong usage.
 *
 * @example
 * ```ts
 * process.exitCode = await main(['doctor', '--json']);
 * ```
 */
export async function main(
  args: readonly string[],
  output: Output = TERMINAL,
  diagnose: (python?: string) => Promise<Diagnosis> = examine,
): Promise<0 | 1 | 2> {
  const request = parseRequest(args);
  switch (request.kind) {
    case 'help':
      output.out(USAGE);
      return 0;
    case 'usage':
      output.err(`${request.problem}\n\n${USAGE}`);
      return 2;
    case 'doctor': {
      const diagnosis = await diagnose(request.python);
      output.out(
        request.json
          ? `${JSON.stringify(diagnosis, null, 2)}\n`
          : render(diagnosis, palette(output.colours)),
      );
      return diagnosis.ok ? 0 : 1;
    }
  }
}
