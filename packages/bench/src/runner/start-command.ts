// The commands of cases that measure a process from its start to its end: not served, just run.

import { join } from 'node:path';
import { type Command, commandOf, type Surroundings } from '../host/command.js';
import type { Program } from '../method/model.js';
import { PACKAGE_ROOT } from '../package-root.js';

/** As `commandOf`, without the server around a module. */
export function startCommand(program: Program, around: Surroundings): Command {
  const command = commandOf(program, around);
  return program.kind === 'node'
    ? { ...command, args: [join(PACKAGE_ROOT, 'dist', 'programs', `${program.module}.js`)] }
    : command;
}
