// @platformatic/python-node: an ASGI server in the process. It has no calls: a request whose body is
// JSON stands for one.

import { constants } from 'node:os';
import { join } from 'node:path';
import { libpython, peerVersion, pythonDirectory, requirePeer } from './surroundings.js';

interface Response {
  readonly status: number;
  readonly body: Buffer;
}

interface Library {
  Request: new (options: object) => object;
  Python: new (
    options: object,
  ) => {
    handleRequest(request: object): Promise<Response>;
    handleRequestSync(request: object): Response;
  };
}

/** The library with our application. */
export interface Platformatic {
  readonly version: string;
  call(name: string, args: readonly unknown[]): Promise<unknown>;
  callSync(name: string, args: readonly unknown[]): unknown;
}

const RTLD_NODELETE = 0x1000;

export function openPlatformatic(): Platformatic {
  openLibrary();
  const { Python, Request } = requirePeer<Library>(
    'platformatic-python-node',
    '@platformatic/python-node',
  );
  const python = new Python({ docroot: pythonDirectory(), appTarget: 'asgi_app:app' });
  const request = (name: string, args: readonly unknown[]): object =>
    new Request({
      method: 'POST',
      url: `http://localhost/${name}`,
      headers: { 'Content-Type': 'application/json' },
      body: Buffer.from(JSON.stringify(args)),
    });
  const answerOf = ({ status, body }: Response): unknown => {
    if (status !== 200) throw new Error(body.toString());
    return JSON.parse(body.toString());
  };
  return {
    version: peerVersion('platformatic-python-node', '@platformatic/python-node'),
    call: async (name, args) => answerOf(await python.handleRequest(request(name, args))),
    callSync: (name, args) => answerOf(python.handleRequestSync(request(name, args))),
  };
}

// Its binary names libpython without a path: whoever has Python outside of /usr/lib opens it first.
function openLibrary(): void {
  const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen;
  try {
    process.dlopen({ exports: {} }, join(libpython()), RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
  } catch (error) {
    // libpython is no addon: it stays open all the same.
    if (!String(error).includes('did not self-register')) throw error;
  }
}
