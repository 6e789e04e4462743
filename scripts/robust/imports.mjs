// Interpreters that import 30 modules of the standard library at the same time, round after round:
// what crashed CPython 3.13 before the main interpreter loaded extension modules first.
import { parseArgs } from 'node:util';
import { Interpreter, megabytes, memory, within } from './program.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    interpreters: { type: 'string', default: '8' },
  },
});
const MODULES =
  'json asyncio datetime decimal sqlite3 ctypes ssl hashlib zlib bz2 lzma csv array struct math cmath random ' +
  'socket select mmap pickle unicodedata zoneinfo heapq bisect statistics xml.etree.ElementTree subprocess queue uuid';
const names = MODULES.split(' ');
const count = Number(values.interpreters);
const start = memory();
for (let round = 1; round <= Number(values.rounds); round += 1) {
  await within(300, `in round ${round}`, runRound());
  console.log(`  round ${round}, ${megabytes(memory())} MB`);
}
const ended = Number(values.rounds) * count;
console.log(
  `${values.rounds} rounds of ${count} interpreters and ${names.length} modules: ${megabytes((memory() - start) / ended)} MB per interpreter`,
);

async function runRound() {
  const all = await Promise.all(Array.from({ length: count }, () => Interpreter.create()));
  await Promise.all(all.map((py) => py.exec(`import ${names.join(', ')}`)));
  const reports = await Promise.all(all.map((py) => py.close()));
  const abandoned = reports.find((report) => report.abandoned !== null);
  if (abandoned) throw new Error(abandoned.abandoned);
}
