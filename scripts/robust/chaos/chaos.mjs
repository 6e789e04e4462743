// `npm run chaos [-- options [PROGRAM [its arguments]]]`: a program of this folder's parent, again and again in a process
// of its own, with its threads paused at random instructions (preempt.c). Says how to have a run that failed again,
// as far as a seed decides, and exits with 1 if one did. A run that hangs is ended by SIGABRT: a core shows where.
//
//   --seconds N   go on for that long (60)             --runs N      … but for so many runs at most
//   --seed N      of the first run; each next is one more
//   --period µs, --pause µs   mean time between two pauses of a thread, longest sleep; drawn from the seed unless given
//   --threads python|all      those of the addon and of libpython, or all (python)
//   --limit N     seconds that a run may take (120)
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generator } from '../chance.mjs';
import { preemptEnvironment, unsupported } from './preempt.mjs';

/** With more threads at shorter ones a core does nothing but take signals. */
const PERIODS = { python: [30, 60, 100, 300, 1000], all: [200, 500, 1000] };
/** The longest pause is so many periods. */
const PAUSES = [1, 5, 20];
const OPTIONS = {
  seconds: { type: 'string', default: '60' },
  runs: { type: 'string', default: 'Infinity' },
  seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  period: { type: 'string' },
  pause: { type: 'string' },
  threads: { type: 'string', default: 'python' },
  limit: { type: 'string', default: '120' },
};

/** Ours up to the first that is no option; the others are the program's. */
function split(args) {
  const { tokens } = parseArgs({ args, options: OPTIONS, strict: false, tokens: true });
  const program = tokens.find(({ kind }) => kind === 'positional');
  const at = program === undefined ? args.length : program.index;
  const { values } = parseArgs({ args: args.slice(0, at), options: OPTIONS });
  return { values, command: program === undefined ? ['first-uses'] : args.slice(at) };
}

function settingsOf(values, seed) {
  const random = generator(seed);
  const pick = (items) => items[Math.floor(random() * items.length)];
  const [period, pause] = [pick(PERIODS[values.threads]), pick(PAUSES)];
  return {
    seed,
    period: Number(values.period ?? period),
    pause: Number(values.pause ?? pause * period),
    threads: values.threads,
  };
}

function runOnce(command, settings, limitSeconds) {
  const [program, ...args] = command;
  const path = fileURLToPath(new URL(`../${program}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    env: preemptEnvironment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitSeconds * 1000,
    killSignal: 'SIGABRT',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ ended: signal ?? code, pid: child.pid, output }),
    );
  });
}

if (unsupported !== null) {
  console.error(`Not here: ${unsupported}.`);
  process.exit(1);
}
const { values, command } = split(process.argv.slice(2));
if (!(values.threads in PERIODS)) throw new Error(`--threads ${values.threads}: python or all`);
const first = Number(values.seed);
const end = performance.now() + Number(values.seconds) * 1000;
let runs = 0;
let failed = 0;
while (runs < Number(values.runs) && performance.now() < end) {
  const settings = settingsOf(values, first + runs);
  const { ended, pid, output } = await runOnce(command, settings, Number(values.limit));
  runs += 1;
  if (ended !== 0) {
    failed += 1;
    const { seed, period, pause, threads } = settings;
    const again = `--runs 1 --seed ${seed} --period ${period} --pause ${pause} --threads ${threads}`;
    console.log(`${output.trimEnd()}\nEnded with ${ended} (process ${pid}). Again:`);
    console.log(`  npm run chaos -- ${again} ${command.join(' ')}`);
  }
}
console.log(`${command.join(' ')}: ${runs} runs from seed ${first}, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
