// Create, run, close, again and again; prints how memory grows per cycle and fails if it grows
// without end. `npm run cycles` is 200 with imports; `npm run soak` is 1,000 bare and 1,000 heavy.
import { parseArgs } from 'node:util';
import { Interpreter, megabytes, memory, within } from './program.mjs';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '200' },
    source: { type: 'string', default: 'import json, asyncio, datetime' },
    // What may stay behind per cycle, in MB, after the first tenth.
    most: { type: 'string', default: '1' },
  },
});
const cycles = Number(values.cycles);
const warmUp = Math.max(5, Math.floor(cycles / 10));

let start = memory();
const begun = performance.now();
for (let cycle = 1; cycle <= cycles; cycle += 1) {
  await within(60, `in cycle ${cycle}`, run());
  if (cycle === warmUp) start = memory();
  if (cycle % Math.max(1, Math.floor(cycles / 5)) === 0) {
    console.log(`  ${cycle} cycles, ${megabytes(memory())} MB`);
  }
}
const perCycle = (memory() - start) / (cycles - warmUp);
const each = (performance.now() - begun) / cycles;
console.log(
  `${cycles} cycles of ${JSON.stringify(values.source)}: ${each.toFixed(1)} ms and ${megabytes(perCycle)} MB each`,
);
if (perCycle > Number(values.most) * 1e6) {
  console.error(`That is more than ${values.most} MB per cycle: something is not given back.`);
  process.exitCode = 1;
}

async function run() {
  const py = await Interpreter.create();
  await py.exec(values.source);
  const { abandoned } = await py.close();
  if (abandoned !== null) throw new Error(abandoned);
}
