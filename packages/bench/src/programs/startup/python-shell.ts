// One more child process: python-shell.

import type { Opened } from '../../host/protocol.js';
import { openPythonShell, type PythonShellServer } from '../peer/python-shell.js';

export async function open(): Promise<Opened> {
  const kept: PythonShellServer[] = [openPythonShell()];
  const used = (shell: PythonShellServer): Promise<unknown> => shell.call('add', [40, 2]);
  return {
    version: (kept[0] as PythonShellServer).version,
    workloads: {
      settle: () => used(kept[0] as PythonShellServer),
      extra: async (n) => {
        let last: unknown;
        for (let i = 0; i < n; i += 1) {
          const shell = openPythonShell();
          last = await used(shell);
          await shell.close();
        }
        return last;
      },
      'extra-memory': async (n) => {
        let last: unknown;
        for (let i = 0; i < n; i += 1) {
          const shell = openPythonShell();
          kept.push(shell);
          last = await used(shell);
        }
        return last;
      },
    },
    close: () => Promise.all(kept.map((shell) => shell.close())),
  };
}
