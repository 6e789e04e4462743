// The torture: random creating, running, stopping, closing over many interpreters and Workers, with
// code that misbehaves. A seed gives the same steps again. Fails on a crash, a hang, a promise that
// does not settle, an interpreter that does not end, and on memory that grows without end.
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { generator } from './chance.mjs';
import { makeModules } from './modules.mjs';
import { Interpreter, limit, megabytes, memory, sleep, within } from './program.mjs';
import { EXPRESSIONS, SNIPPETS, UNSTOPPABLE } from './snippets.mjs';
import { watch } from './watchdog.mjs';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    interpreters: { type: 'string', default: '8' },
    // How many of the steps stop imports: a percentage.
    imports: { type: 'string', default: '5' },
  },
});
const steps = Number(values.steps);
const most = Number(values.interpreters);

const random = generator(Number(values.seed));
const below = (n) => Math.floor(random() * n);
const pick = (items) => items[below(items.length)];
const chance = (probability) => random() < probability;

/** Interpreters that live, Workers that live, promises that must settle by what they are of. */
const living = [];
const workers = new Set();
const open = new Map();
const counts = { settled: 0, failed: 0, abandoned: 0, created: 0 };

function expectToSettle(what, promise) {
  const key = Symbol(what);
  open.set(key, what);
  return promise.then(
    () => {
      open.delete(key);
      counts.settled += 1;
    },
    () => {
      open.delete(key);
      counts.settled += 1;
      counts.failed += 1;
    },
  );
}

const ignore = () => {};
async function create() {
  if (living.length >= most) return close();
  const options = {
    serial: chance(0.3),
    isolation: chance(0.9) ? 'own-gil' : 'shared-gil',
    stdout: pick(['ignore', ignore]),
    stderr: 'ignore',
  };
  counts.created += 1;
  living.push(chance(0.8) ? await Interpreter.create(options) : Interpreter.createSync(options));
}

function stopOptions() {
  const timeout = pick([1, 5, 20, 50]);
  return chance(0.5) ? { timeout } : { timeout: 200, signal: AbortSignal.timeout(timeout) };
}

function exec(py) {
  const source = chance(0.01) ? pick(UNSTOPPABLE) : pick(SNIPPETS);
  expectToSettle(`exec ${JSON.stringify(source)}`, py.exec(source, stopOptions()));
}

function evaluate(py) {
  const source = pick(EXPRESSIONS);
  expectToSettle(`evaluate ${source}`, py.evaluate(source, stopOptions()));
}

function call(py) {
  const [path, args] = pick([
    ['builtins:sorted', [[3, 1, 2]]],
    ['time:sleep', [100]],
    ['f', []],
    ['builtins:map', [(n) => n + 1, [1, 2]]],
    ['json:dumps', [{ a: [1, 2, 3] }]],
    ['no.such:function', []],
  ]);
  expectToSettle(`call ${path}`, py.call(path, args, stopOptions()));
}

function sync(py) {
  try {
    if (chance(0.5)) py.evaluateSync(pick(EXPRESSIONS), { timeout: 100 });
    else py.execSync(pick(SNIPPETS), { timeout: 20 });
  } catch {
    counts.failed += 1;
  }
}

const modules = makeModules();

/** Stops imports in the middle; what they leave must not keep a call on this thread waiting. */
async function imports(py) {
  const stopped = py.exec(modules.importing(below(modules.count)), {
    timeout: 1 + below(12),
  });
  const settled = expectToSettle('exec imports', stopped);
  if (chance(0.3)) {
    await sleep(below(4));
    py.interrupt();
  }
  await settled;
  const source = modules.importing(below(modules.count), 3);
  try {
    if (chance(0.5)) py.execSync(source, { timeout: 2 + below(10) });
    else py.execSync(source);
    py.callSync('builtins:len', [[1, 2]]);
  } catch (error) {
    counts.failed += 1;
    // A module that is there must work: stopped in the middle, it is imported anew.
    if (/AttributeError|ImportError|ModuleNotFoundError/.test(error.pythonType)) throw error;
  }
}

async function close() {
  if (living.length === 0) return;
  const [py] = living.splice(below(living.length), 1);
  const closed = py.close({ timeout: pick([0, 10, 100, 2000]) });
  closed.then(({ abandoned }) => {
    if (abandoned !== null) counts.abandoned += 1;
  });
  const settled = expectToSettle(`close ${py.name}`, closed);
  if (chance(0.5)) await settled;
}

const ENTRY = new URL('./worker.mjs', import.meta.url);
function startWorker() {
  if (workers.size >= 2) return endWorker();
  const worker = new Worker(ENTRY, { workerData: { source: pick(SNIPPETS), sync: chance(0.3) } });
  worker.on('error', () => {});
  worker.on('exit', () => workers.delete(worker));
  workers.add(worker);
}

function endWorker() {
  const [worker] = workers;
  if (worker) expectToSettle('terminate a Worker', worker.terminate());
}

const ACTIONS = [
  [5, create],
  [30, () => living.length > 0 && exec(pick(living))],
  [15, () => living.length > 0 && evaluate(pick(living))],
  [15, () => living.length > 0 && call(pick(living))],
  [15, () => living.length > 0 && sync(pick(living))],
  [8, () => living.length > 0 && pick(living).interrupt()],
  [4, () => living.length > 0 && pick(living).stats()],
  [4, close],
  [1, startWorker],
  [1, endWorker],
  [6, () => sleep(below(5))],
];
if (Number(values.imports) > 0)
  ACTIONS.push([Number(values.imports), () => living.length > 0 && imports(pick(living))]);
const weights = ACTIONS.flatMap(([weight, action]) => Array(weight).fill(action));

let step = 0;
// A synchronous call that never returns stops the timers of this thread, too.
const alive = watch(120);
const stop = limit(
  steps * 0.2 + 120,
  () => `for ${step} steps; open: ${[...open.values()].slice(0, 20)}`,
);
const begun = performance.now();
for (step = 1; step <= steps; step += 1) {
  alive(step);
  await within(60, `in step ${step}`, Promise.resolve(pick(weights)()));
  if (open.size > 100) await sleep(20);
  if (step % Math.max(1, Math.floor(steps / 10)) === 0) {
    console.log(`  ${step} steps, ${open.size} open, ${megabytes(memory())} MB`);
  }
}
for (const worker of workers) expectToSettle('terminate a Worker', worker.terminate());
while (living.length > 0) await close();
for (let wait = 0; wait < 600 && open.size > 0; wait += 1) await sleep(50);
stop();
modules.remove();

const left = Interpreter.list().filter((py) => py.id !== 0);
console.log(
  `${steps} steps with seed ${values.seed} in ${((performance.now() - begun) / 1000).toFixed(1)} s: ${counts.created} interpreters, ` +
    `${counts.settled} promises settled (${counts.failed} failures), ${counts.abandoned} given up, ${megabytes(memory())} MB`,
);
if (open.size > 0) fail(`${open.size} promises did not settle: ${[...open.values()].slice(0, 20)}`);
for (let wait = 0; wait < 100 && Interpreter.list().length > 1; wait += 1) await sleep(50);
if (Interpreter.list().length > 1)
  fail(`still alive: ${left.map(({ name, state }) => `${name} ${state}`)}`);

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
