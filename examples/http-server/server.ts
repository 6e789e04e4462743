// An HTTP server with a CPU-bound endpoint in Python: POST two texts to /similarity. GET /health shows
// what the other requests of such a server feel.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { MulticoreError } from '@multicore-python/interpreters';
import type { Backend } from './backends.js';

/** A server that listens. */
export interface Running extends AsyncDisposable {
  readonly port: number;
}

/** Serves until it is disposed. */
export async function serve(backend: Backend, port = 0): Promise<Running> {
  const server = createServer((request, response) => {
    answer(backend, request, response).catch((error: unknown) => refuse(response, error));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await backend[Symbol.asyncDispose]();
    },
  };
}

async function answer(
  backend: Backend,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url === '/health') return send(response, 200, { healthy: true });
  if (request.url !== '/similarity' || request.method !== 'POST')
    return send(response, 404, { error: 'POST two texts to /similarity' });
  // A client that goes away takes its work with it: the Python function is stopped.
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableEnded) gone.abort();
  });
  const [a, b] = (await json(request)) as [string, string];
  send(response, 200, { similarity: await backend.similarity(a, b, gone.signal) });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.destroyed) return;
  const code = error instanceof MulticoreError ? error.code : undefined;
  const status = code === 'ERR_POOL_FULL' ? 503 : code === 'ERR_TIMEOUT' ? 504 : 500;
  send(response, status, { error: error instanceof Error ? error.message : String(error) });
}
