// The programs of docs/guides run, as they were built.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = (path: string): string =>
  fileURLToPath(new URL(`../../../examples/dist/${path}`, import.meta.url));

async function run(path: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(process.execPath, [program(path), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(err).toBe('');
  return out;
}

test('batch: every line of a file is judged once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'multicore-batch-'));
  try {
    const file = join(folder, 'access.log');
    const line = (path: string, status: number): string =>
      `1.2.3.4 - - [now] "GET ${path} HTTP/1.1" ${status} 10\n`;
    const lines = Array.from({ length: 3000 }, (_, n) =>
      n % 3 === 0 ? line('/a?q=%2e%2e/', 404) : n % 3 === 1 ? line('/', 200) : 'nonsense\n',
    );
    await writeFile(file, lines.join(''));
    expect(await run('batch/main.js', [file])).toBe(
      'attack: 1000\nfine: 1000\nunreadable: 1000\nbytes: 20000\n',
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('streams: text comes out in order', async () => {
  const input = Array.from({ length: 2000 }, (_, n) => `line ${n} of a@b.org`).join('\n');
  const output = await run('streams/main.js', [], `${input}\n4111 1111 1111 1111`);
  expect(output).toBe(`${input.replaceAll('a@b.org', '<mail>')}\n<card>\n`);
});

test.each(['pool', 'main thread', 'child process'])('http-server: %s', async (backend) => {
  const server = spawn(
    process.execPath,
    [program('http-server/main.js'), '--backend', backend, '--port', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const [url] = (await once(createInterface(server.stdout), 'line')) as [string];
    const ask = async (body: unknown): Promise<unknown> => {
      const response = await fetch(`${url}/similarity`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return response.json();
    };
    expect(await ask(['one two', 'one two'])).toEqual({ similarity: 1 });
    expect(await ask(['one', 'two'])).toEqual({ similarity: 0 });
    expect(await ask([1, 2])).toMatchObject({ error: expect.any(String) });
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ healthy: true });
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  } finally {
    const exited = once(server, 'exit');
    server.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  }
});
