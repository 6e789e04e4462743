// python-shell: a child process, one JSON document per line. It has no calls: the least code that
// makes requests and answers out of its messages is here and in python/shell_server.py.

import { peerVersion, python, pythonDirectory, requirePeer } from './surroundings.js';

interface Shell {
  send(message: unknown): Shell;
  on(event: 'message', listener: (message: Answer) => void): Shell;
  end(callback: () => void): Shell;
}

interface Answer {
  readonly ok?: unknown;
  readonly error?: string;
}

/** A child process that answers calls in order. */
export interface PythonShellServer {
  readonly version: string;
  call(name: string, args: readonly unknown[], kwargs?: object): Promise<unknown>;
  close(): Promise<void>;
}

export function openPythonShell(): PythonShellServer {
  const { PythonShell } = requirePeer<{
    PythonShell: new (script: string, options: object) => Shell;
  }>('python-shell', 'python-shell');
  const shell = new PythonShell('shell_server.py', {
    mode: 'json',
    pythonPath: python(),
    scriptPath: pythonDirectory(),
    pythonOptions: ['-B', '-u'],
  });
  const waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  shell.on('message', ({ ok, error }) => {
    const call = waiting.shift();
    if (error === undefined) call?.resolve(ok);
    else call?.reject(new Error(error));
  });
  return {
    version: peerVersion('python-shell', 'python-shell'),
    call: (name, args, kwargs) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        shell.send(kwargs === undefined ? [name, args] : [name, args, kwargs]);
      }),
    close: () => new Promise((resolve) => shell.end(resolve)),
  };
}
