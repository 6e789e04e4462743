// Interpreters that do the first use of everything that the standard library has in C at the same time (uses/), then
// all of it once more, each in an order of its own, while those of the round before are closed. What a use gives is
// compared with what it gives in a python that is nobody's guest, so that damage that does not crash is seen.
//
//   node scripts/robust/first-uses.mjs [--interpreters 8] [--rounds 2] [--seed N] [--only part-of-a-name]
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Barrier } from '../../packages/channels/dist/index.js';
import { pythonInfo } from '../../packages/interpreters/dist/index.js';
import { inCache } from '../lib/paths.mjs';
import { generator } from './chance.mjs';
import { Interpreter, within } from './program.mjs';

const { values } = parseArgs({
  options: {
    interpreters: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '2' },
    // biome-ignore lint/suspicious/noUndeclaredEnvVars: set by chaos.mjs for its children, no input of a build.
    seed: { type: 'string', default: process.env.PREEMPT_SEED ?? '1' },
    only: { type: 'string', default: '' },
  },
});
const FOLDER = fileURLToPath(new URL('uses', import.meta.url));
/** Uses are short: one that takes so long hangs. */
const LIMIT_SECONDS = 60;
const count = Number(values.interpreters);
const random = generator(Number(values.seed));

/** What each use gives in CPython itself; kept for the next run. */
function expectations() {
  const { executable } = pythonInfo();
  const state = createHash('sha256').update(executable);
  for (const file of readdirSync(FOLDER)) {
    if (file.endsWith('.py')) state.update(readFileSync(`${FOLDER}/${file}`));
  }
  const kept = inCache('chaos', `uses-${state.digest('hex').slice(0, 16)}.json`);
  if (!existsSync(kept)) {
    mkdirSync(inCache('chaos'), { recursive: true });
    const json = execFileSync(executable, [`${FOLDER}/uses.py`], { timeout: 300_000 });
    writeFileSync(`${kept}.${process.pid}`, json);
    renameSync(`${kept}.${process.pid}`, kept);
  }
  return JSON.parse(readFileSync(kept, 'utf8'));
}

function shuffled(items) {
  const left = [...items];
  for (let at = left.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [left[at], left[other]] = [left[other], left[at]];
  }
  return left;
}

const expected = expectations();
const names = Object.keys(expected).filter((name) => name.includes(values.only));
let wrong = 0;

async function use(py, name, ...rest) {
  const got = await within(LIMIT_SECONDS, `in ${name}`, py.call('uses:run', [name, ...rest]));
  if (got === expected[name]) return;
  wrong += 1;
  console.error(`${name} in ${py.name}:\n  gave     ${got}\n  expected ${expected[name]}`);
}

async function close(all) {
  const reports = await Promise.all(all.map((py) => py.close()));
  const left = reports.find(({ abandoned }) => abandoned !== null);
  if (left !== undefined) throw new Error(left.abandoned);
}

let closing = Promise.resolve();
for (let round = 1; round <= Number(values.rounds); round += 1) {
  const create = () => Interpreter.create({ path: [FOLDER] });
  const all = await Promise.all(Array.from({ length: count }, create));
  const barrier = new Barrier(count);
  for (const name of shuffled(names)) await Promise.all(all.map((py) => use(py, name, barrier)));
  await Promise.all(
    all.map(async (py) => {
      for (const name of shuffled(names)) await use(py, name);
    }),
  );
  await within(LIMIT_SECONDS, 'closing the round before', closing);
  closing = close(all);
}
await within(LIMIT_SECONDS, 'closing', closing);
console.log(
  `${values.rounds} rounds of ${count} interpreters and ${names.length} uses: ${wrong} wrong`,
);
if (wrong > 0) process.exitCode = 1;
