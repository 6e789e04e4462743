// Measures what the other requests of a server feel while Python computes: `node compare.js [seconds]`. For
// each backend a server in a process of its own, as many clients as cores that ask for similarities
// one after another, and one that asks for /health all the time.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createHistogram } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BACKENDS } from './backends.js';

const seconds = Number(process.argv[2] ?? 5);
const clients = availableParallelism();
const text = (seed: number): string =>
  Array.from({ length: 6000 }, (_, n) => `word${(n * seed) % 997}`).join(' ');
const BODY = JSON.stringify([text(7), text(11)]);
const NS_PER_MS = 1e6;

for (const backend of ['no load', ...Object.keys(BACKENDS)]) {
  const row = await measure(backend);
  console.log(row);
}

async function measure(backend: string): Promise<string> {
  const isIdle = backend === 'no load';
  await using server = await startServer(isIdle ? 'pool' : backend);
  const post = async (): Promise<void> => {
    const response = await fetch(`${server.url}/similarity`, { method: 'POST', body: BODY });
    if (!response.ok) throw new Error(await response.text());
    await response.json();
  };
  await post();
  const end = performance.now() + seconds * 1000;
  const health = createHistogram();
  let done = 0;
  const load = async (): Promise<void> => {
    while (performance.now() < end) {
      await post();
      done += 1;
    }
  };
  const probe = async (): Promise<void> => {
    while (performance.now() < end) {
      const from = performance.now();
      await (await fetch(`${server.url}/health`)).json();
      health.record(Math.max(1, Math.round((performance.now() - from) * NS_PER_MS)));
      await sleep(2);
    }
  };
  await Promise.all([probe(), ...(isIdle ? [] : Array.from({ length: clients }, load))]);
  const ms = (percentile: number): string =>
    `${(health.percentile(percentile) / NS_PER_MS).toFixed(1).padStart(7)} ms`;
  const rate = isIdle ? '' : `${(done / seconds).toFixed(1).padStart(7)} similarities/s`;
  return `${backend.padEnd(14)} /health p50 ${ms(50)}  p99 ${ms(99)}  max ${ms(100)}  ${rate}`;
}

async function startServer(backend: string): Promise<AsyncDisposable & { url: string }> {
  const main = fileURLToPath(new URL('main.js', import.meta.url));
  const server = spawn(process.execPath, [main, '--backend', backend, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface(server.stdout), 'line')) as [string];
  return { url, [Symbol.asyncDispose]: () => stop(server) };
}

async function stop(server: ChildProcess): Promise<void> {
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  await exited;
}
