// `npm run flood [-- seconds seed]`: Workers with pools of their own, started and terminated at any moment, while a
// pool of the main thread goes on answering. Exits with 1 if one of its answers failed, an interpreter
// outlived its Worker, or memory grew. Ends when the time is over.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { InterpreterPool, python } from '../../packages/interpreters/dist/index.js';
import { generator, pick } from './chance.mjs';
import { Interpreter, megabytes, memory, sleep, within } from './program.mjs';

const AT_ONCE = 3;
/** Resident memory may differ by so much between the first fifth and the end. */
const MOST_GROWTH_MB = 60;

/** What a Worker is doing when it is terminated. */
const WORKS = {
  tasks: (pool) => {
    for (;;) pool.run(python`sum(range(10_000))`);
  },
  loops: (pool) => Promise.allSettled([1, 2, 3].map(() => pool.run(python`while True: pass`))),
  map: async (pool) => {
    for await (const _ of pool.map(python`lambda n: n + 1`, naturals()));
  },
  callbacks: (pool) =>
    pool
      .map(python`lambda n, tell: tell(n)`, naturals(), { kwargs: { tell: (n) => n } })
      .toArray?.(),
  timeouts: async (pool) => {
    for (;;) await pool.run(python`while True: pass`, [], { timeout: 5 }).catch(() => {});
  },
  lease: async (pool) => {
    const { interpreter } = await pool.take();
    for (;;) interpreter.evaluateSync('1 + 1');
  },
  recycling: async (pool) => {
    for (;;) await pool.run(python`1 + 1`);
  },
  threads: (pool) =>
    pool.run(python`
      import threading
      threading.Thread(target=threading.Event().wait).start()
    `),
  starting: () => {},
};

if (isMainThread) await flood(...process.argv.slice(2));
else await work();

async function work() {
  const { what } = workerData;
  setInterval(() => {}, 1000);
  const pool = new InterpreterPool({
    size: 2,
    recycle: what === 'recycling' ? { tasks: 2 } : {},
  });
  if (what === 'starting') pool.each('builtins:int').catch(() => {});
  else await WORKS[what](pool);
}

async function flood(seconds = '60', seed = String(Date.now() % 2 ** 31)) {
  console.log(`Flooding with Workers for ${seconds} seconds with seed ${seed}.`);
  const random = generator(Number(seed));
  const end = performance.now() + Number(seconds) * 1000;
  const kinds = Object.keys(WORKS).map((what) => ({ what, weight: 1 }));
  const pool = new InterpreterPool({ size: 2 });
  const terminated = {};
  let answers = 0;
  const answer = async () => {
    while (performance.now() < end) {
      const n = answers;
      const result = await within(60, 'for an answer', pool.run(python`${n} + 1`));
      if (result !== n + 1) throw new Error(`${n} + 1 is ${result}`);
      answers += 1;
      if (answers % 50 === 0) await sleep(1);
    }
  };
  const lane = async () => {
    while (performance.now() < end) {
      const { what } = pick(kinds, random);
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { what } });
      const failed = once(worker, 'error').then(([error]) => {
        throw error;
      });
      await Promise.race([sleep(random() * 300), failed]);
      await within(60, `terminating a Worker with ${what}`, worker.terminate());
      terminated[what] = (terminated[what] ?? 0) + 1;
    }
  };
  const all = Promise.all([answer(), ...Array.from({ length: AT_ONCE }, lane)]);
  await Promise.race([all, sleep((Number(seconds) * 1000) / 5)]);
  const early = memory();
  await all;
  await pool.close();
  const left = () => Interpreter.list().filter(({ id }) => id !== 0);
  for (const until = performance.now() + 20_000; left().length > 0 && performance.now() < until; ) {
    await sleep(50);
  }
  const late = memory();
  const names = left().map(({ name }) => name);
  console.log({ answers, terminated, early: megabytes(early), late: megabytes(late), left: names });
  const complaints = [
    ...(names.length === 0 ? [] : ['interpreters outlived their Workers']),
    ...(late - early <= MOST_GROWTH_MB * 1e6 ? [] : ['memory grew']),
  ];
  for (const complaint of complaints) console.error(complaint);
  process.exit(complaints.length === 0 ? 0 : 1);
}

function* naturals() {
  for (let n = 0; ; n += 1) yield n;
}
