// Judges every line of a large file on all cores: `node main.js access.log`. The file is read as fast as
// Python works, as many lines at a time as it pays: it need not fit in memory.

import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InterpreterPool } from '@multicore-python/interpreters';

type Verdict = readonly [verdict: string, status: number, size: number] | null;

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: main.js <access log>');
  process.exit(2);
}

await using pool = new InterpreterPool({
  path: [fileURLToPath(new URL('../../batch/python', import.meta.url))],
});
const judge = pool.function<[line: string], Verdict>('access_log:judge');

const counts = new Map<string, number>();
let bytes = 0;
await using input = await open(file);
// Order does not matter for counting.
for await (const verdict of judge.map(input.readLines(), { ordered: false })) {
  const [name, , size] = verdict ?? ['unreadable', 0, 0];
  counts.set(name, (counts.get(name) ?? 0) + 1);
  bytes += size;
}
for (const [name, count] of [...counts].toSorted()) console.log(`${name}: ${count}`);
console.log(`bytes: ${bytes}`);
