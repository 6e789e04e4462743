// Sides that start a process for every sample: for start-up times and for memory.

import { spawn } from 'node:child_process';
import { commandOf, type Surroundings } from '../host/command.js';
import { Host, ProgramError } from '../host/host.js';
import { Watch } from '../machine/noise.js';
import { type Memory, memoryOf } from '../machine/proc.js';
import type { Side } from '../method/measure.js';
import type { Entry } from '../method/model.js';
import { startCommand } from './start-command.js';

const RUN_TIMEOUT_MS = 60_000;

/** Measures a process from its start until it has ended; what it printed is what it computed. */
export function freshSide(entry: Entry, name: string, around: Surroundings): Side {
  const command = startCommand(entry.program, around);
  return {
    name,
    async run() {
      // Its own processor time is part of ours once it has ended: nothing to subtract from.
      const watch = new Watch(process.pid);
      const start = process.hrtime.bigint();
      const output = await new Promise<string>((resolve, reject) => {
        let text = '';
        let errors = '';
        const child = spawn(command.file, command.args, {
          env: { ...process.env, ...command.env },
          stdio: ['ignore', 'pipe', 'pipe'],
          timeout: RUN_TIMEOUT_MS,
        });
        child.stdout.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        child.stderr.setEncoding('utf8').on('data', (part) => {
          errors += part;
        });
        child.once('error', reject);
        child.once('close', (code) =>
          code === 0 ? resolve(text) : reject(new ProgramError(errors || `ended with ${code}`)),
        );
      });
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      return { ran: { seconds, check: output.trim() }, seen: watch.stop() };
    },
  };
}

/** Measures by how much the memory of a fresh program grows when it makes `n` more of something. */
export function memorySide(
  entry: Entry,
  caseId: string,
  kind: keyof Memory,
  name: string,
  around: Surroundings,
): Side {
  return {
    name,
    async run(n) {
      const host = await Host.start(commandOf(entry.program, around), RUN_TIMEOUT_MS);
      try {
        const watch = new Watch(host.pid);
        await host.run('settle', 1, RUN_TIMEOUT_MS, true);
        const before = memoryOf(host.pid);
        const { check } = await host.run(entry.workload ?? caseId, n, RUN_TIMEOUT_MS, true);
        const after = memoryOf(host.pid);
        if (before === null || after === null)
          throw new ProgramError('memory is only known on Linux');
        // The unit of a memory case is bytes, of which this is the `seconds` of the others.
        return { ran: { seconds: (after[kind] - before[kind]) / n, check }, seen: watch.stop() };
      } finally {
        await host.close();
      }
    },
  };
}
