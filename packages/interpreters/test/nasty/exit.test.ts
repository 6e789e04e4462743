// However the process ends, it ends promptly, whatever Python does at that moment. Each program runs
// in a process of its own, from what `npm run build` made.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const LONGEST_MS = 20_000;

function run(program: string): Promise<{ end: number | string | null; output: string }> {
  const source = `import { Interpreter } from ${JSON.stringify(entry)};
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      output += 'it hangs';
      child.kill('SIGKILL');
    }, LONGEST_MS);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ end: signal ?? code, output });
    });
  });
}

const BUSY: readonly (readonly [string, string])[] = [
  ['an endless loop', "py.exec('while True: pass').catch(() => {});"],
  ['a C call without end', "py.exec('sum(range(10**12))').catch(() => {});"],
  [
    'a thread without end',
    "await py.exec('import threading\\ndef f():\\n  while True: pass\\nthreading.Thread(target=f).start()');",
  ],
  ['a sleep', "py.exec('import time; time.sleep(10**6)').catch(() => {});"],
  [
    'a coroutine',
    "await py.exec('import asyncio\\nasync def f(): await asyncio.sleep(10**6)'); py.call('f').catch(() => {});",
  ],
];

describe.each(BUSY)('during %s', (_name, busy) => {
  const start = `const py = await Interpreter.create({ stderr: 'ignore' }); ${busy} await sleep(50);`;

  test('process.exit', async () => {
    expect(await run(`${start} process.exit(3)`)).toEqual({ end: 3, output: '' });
  });

  test('an uncaught error', async () => {
    const { end, output } = await run(`${start} setTimeout(() => { throw new Error('boom') })`);
    expect(end).toBe(1);
    expect(output).toContain('boom');
  });

  test('an unhandled rejection', async () => {
    expect((await run(`${start} Promise.reject(new Error('boom')); await sleep(1e6)`)).end).toBe(1);
  });

  test.each(['SIGINT', 'SIGTERM'])('%s', async (signal) => {
    expect(
      (await run(`${start} process.kill(process.pid, '${signal}'); await sleep(1e6)`)).end,
    ).toBe(signal);
  });
});

test('SIGTERM during a synchronous call', async () => {
  const program = `const py = await Interpreter.create();
    await py.exec("import os, threading");
    py.execSync("threading.Timer(0.1, os.kill, (os.getpid(), 15)).start()\\nwhile True: pass")`;
  expect((await run(program)).end).toBe('SIGTERM');
});

test('by itself after the last close, and with an idle interpreter', async () => {
  const program = "const py = await Interpreter.create(); await py.exec('import asyncio');";
  expect(await run(`${program} await py.close();`)).toEqual({ end: 0, output: '' });
  expect(await run(program)).toEqual({ end: 0, output: '' });
});

test('by itself although an interpreter was given up', async () => {
  const program = `const py = await Interpreter.create();
    py.exec('sum(range(10**12))').catch((error) => console.log(error.code));
    await sleep(50); console.log((await py.close({ timeout: 50 })).abandoned !== null);`;
  const { end, output } = await run(program);
  expect(end).toBe(0);
  expect(output).toContain('true');
  expect(output).toMatch(/ERR_INTERPRETER_(ABANDONED|CLOSED)/);
});

test('exit handlers run when Node ends by itself', async () => {
  const program =
    "const py = await Interpreter.create(); await py.exec('import atexit; atexit.register(print, 1)');";
  expect(await run(program)).toEqual({ end: 0, output: '1\n' });
});

test('os._exit ends the process: that is what it is for', async () => {
  const program = "const py = await Interpreter.create(); await py.exec('import os; os._exit(7)');";
  expect((await run(program)).end).toBe(7);
});
