// How a process ends, seen from outside: each program runs in a process of its own.

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// Programs import what `npm run build` made: a child process knows nothing of vitest.
const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url));

async function run(
  program: string,
  flags: readonly string[] = [],
): Promise<{ code: number | null; output: string }> {
  const source = `import { Interpreter } from ${JSON.stringify(entry)};\n${program}`;
  const child = spawn(process.execPath, [...flags, '--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, output: out + err };
}

test('an idle interpreter does not keep the process alive', async () => {
  expect(
    await run("const py = await Interpreter.create(); await py.exec('pass'); console.log('done')"),
  ).toEqual({ code: 0, output: 'done\n' });
});

test('a running job does', async () => {
  const { output } = await run(
    "const py = await Interpreter.create(); py.exec('import time; time.sleep(0.2)').then(() => console.log('done'))",
  );
  expect(output).toBe('done\n');
});

test('a promise that Python no longer waits for does not', async () => {
  const { code, output } = await run(
    'const py = await Interpreter.create();' +
      'const never = () => new Promise(() => {});' +
      "await py.evaluate('never()', { bind: { never }, timeout: 50 }).catch(({ code }) => console.log(code))",
  );
  expect({ code, output }).toEqual({ code: 0, output: 'ERR_TIMEOUT\n' });
});

test('one that it waits for does, as long as it can settle', async () => {
  const { output } = await run(
    'const py = await Interpreter.create();' +
      'const later = () => new Promise((resolve) => { setTimeout(resolve, 100, 7) });' +
      "py.evaluate('later()', { bind: { later } }).then(console.log)",
  );
  expect(output).toBe('7\n');
});

test('process.exit ends it while Python runs an endless loop', async () => {
  const { code } = await run(
    "const py = await Interpreter.create(); py.exec('while True: pass'); setTimeout(() => process.exit(3), 50)",
  );
  expect(code).toBe(3);
});

test('so does an uncaught error', async () => {
  const { code, output } = await run(
    "const py = await Interpreter.create(); py.exec('while True: pass'); setTimeout(() => { throw new Error('uncaught') }, 50)",
  );
  expect(code).toBe(1);
  expect(output).toContain('uncaught');
});

test('nothing happens at import', async () => {
  const { code, output } = await run(
    "process.env.MULTICORE_PYTHON = '/nowhere'; console.log(Interpreter.list().length)",
  );
  expect({ code, output }).toEqual({ code: 0, output: '0\n' });
});

test('a working directory that was removed is no obstacle', async () => {
  const { code, output } = await run(
    "const { mkdtempSync, rmdirSync } = await import('node:fs');" +
      "const folder = mkdtempSync((await import('node:os')).tmpdir() + '/multicore-cwd-');" +
      'process.chdir(folder); rmdirSync(folder);' +
      "const py = await Interpreter.create(); console.log(await py.evaluate('1 + 1'))",
  );
  expect({ code, output }).toEqual({ code: 0, output: '2\n' });
});

test('where Node may load no addons, the error says so', async () => {
  const { output } = await run(
    'await Interpreter.create().catch(({ code, message }) => console.log(code, message))',
    ['--no-addons'],
  );
  expect(output).toMatch(/^ERR_ADDON_LOAD .* without --no-addons/s);
});

// Each of these ends the `python` command, or node if nothing were done about it.
test.each([
  ['PYTHONHOME', '/nowhere'],
  ['PYTHONMALLOC', 'unknown'],
])('%s=%s: CPython cannot start, the process lives and is told why', async (name, value) => {
  const { code, output } = await run(
    `process.env.${name} = '${value}';` +
      'await Interpreter.create().catch(({ code, message }) => console.log(code, message))',
  );
  expect(code).toBe(0);
  expect(output).toMatch(
    new RegExp(`ERR_PYTHON_BROKEN CPython did not start: .*${name}=${value}`, 's'),
  );
});

// Handlers of signals are Node's; allocators that are hooked deadlock with many interpreters.
test.each(['PYTHONFAULTHANDLER', 'PYTHONTRACEMALLOC', 'PYTHONDEVMODE'])(
  '%s=1 takes nothing that belongs to Node, and hangs nothing',
  async (name) => {
    const question =
      '[__import__("faulthandler").is_enabled(), __import__("tracemalloc").is_tracing()]';
    const { code, output } = await run(
      `process.env.${name} = '1';` +
        "await (await Interpreter.create()).exec('import json, asyncio');" +
        `console.log(String(await (await Interpreter.main()).evaluate('${question}')))`,
    );
    expect({ code, output }).toEqual({ code: 0, output: 'false,false\n' });
  },
);
