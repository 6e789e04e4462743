// Redacts what comes in on stdin and writes it to stdout: `node main.js < letters.txt`. Web Streams in,
// Python on every core in the middle, Web Streams out.

import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { InterpreterPool } from '@multicore-python/interpreters';
import { lines, withNewlines } from './lines.js';
import { pythonTransform } from './python-transform.js';

await using pool = new InterpreterPool({
  path: [fileURLToPath(new URL('../../streams/python', import.meta.url))],
});
const redact = pool.function<[line: string], string>('redact:redact');

const input = Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
await input
  .pipeThrough(new TextDecoderStream())
  .pipeThrough(lines())
  .pipeThrough(pythonTransform(redact))
  .pipeThrough(withNewlines())
  .pipeThrough(new TextEncoderStream())
  .pipeTo(Writable.toWeb(process.stdout));
