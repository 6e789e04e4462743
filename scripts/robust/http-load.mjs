// `npm run load:http [-- seconds seed]`: an HTTP server whose requests run in a pool, in a process of its own,
// under clients that ask for answers, failures, endless loops and memory, and go away at random. Exits with 1
// if a request was not answered as it should be, an interpreter was lost, or the server's memory grew.
// Listens on 127.0.0.1 alone, and ends when the time is over.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { request as ask, createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Interpreter, InterpreterPool } from '../../packages/interpreters/dist/index.js';
import { generator, pick } from './chance.mjs';
import { megabytes, memory, sleep, within } from './program.mjs';

const IN_FLIGHT = 32;
/** Resident memory may differ by so much between the first fifth and the end. */
const MOST_GROWTH_MB = 60;
const PYTHON = fileURLToPath(
  new URL('../../packages/interpreters/test/pool/python', import.meta.url),
);

/** What clients ask for, how often, and what they may be told. `gone`: the client did not wait. */
const KINDS = [
  { task: 'answer', weight: 60, allowed: [200] },
  { task: 'spin', weight: 15, args: (n) => [n, n % 5], allowed: [200] },
  { task: 'pause', weight: 5, allowed: [200] },
  { task: 'hog', weight: 5, allowed: [200] },
  { task: 'fail', weight: 5, allowed: [500] },
  { task: 'leave', weight: 1, allowed: [500] },
  { task: 'refuse', weight: 2, allowed: [500] },
  { task: 'endless', weight: 1, timeout: 10, allowed: [504] },
  { task: 'sleep', weight: 1, timeout: 10, allowed: [504] },
  { task: 'spin', weight: 5, args: (n) => [n, 5], leaves: true, allowed: [200, 'gone'] },
  { task: 'endless', weight: 0.5, leaves: true, allowed: ['gone'] },
];

if (process.argv[2] === 'serve') await serve();
else await load(...process.argv.slice(2));

async function serve() {
  const pool = new InterpreterPool({
    size: 2,
    path: [PYTHON],
    queueLimit: 1000,
    recycle: { memory: 16 * 2 ** 20 },
  });
  await pool.each('soak_tasks:answer', [0]);
  const server = createServer(async (request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const { searchParams, pathname } = new URL(request.url, 'http://server');
    const args = JSON.parse(searchParams.get('args'));
    const timeout = Number(searchParams.get('timeout') ?? Number.POSITIVE_INFINITY);
    try {
      const path = `soak_tasks:${pathname.slice(1)}`;
      const result = await pool.run(path, args, { timeout, signal: gone.signal });
      response.end(String(result));
    } catch (error) {
      response.statusCode = { ERR_TIMEOUT: 504, ERR_POOL_FULL: 503 }[error.code] ?? 500;
      response.end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.on('message', async (what) => {
    if (what === 'memory') {
      process.send(memory());
      return;
    }
    server.closeAllConnections();
    server.close();
    await pool.drain();
    const { interpreters, replaced, completed, failed } = pool.stats();
    const { abandoned } = await pool.close({ timeout: 5000 });
    const left = Interpreter.list().length - 1;
    process.send({ interpreters, replaced, completed, failed, abandoned, left });
    process.disconnect();
  });
  process.send(server.address().port);
}

async function load(seconds = '60', seed = String(Date.now() % 2 ** 31)) {
  console.log(`Loading a server for ${seconds} seconds with seed ${seed}.`);
  const random = generator(Number(seed));
  const server = fork(fileURLToPath(import.meta.url), ['serve']);
  const reply = async (what) => {
    const answer = once(server, 'message');
    if (what !== undefined) server.send(what);
    return (await answer)[0];
  };
  const port = await within(30, 'until the server listens', reply());
  const end = performance.now() + Number(seconds) * 1000;
  const outcomes = {};
  const wrong = [];
  let requests = 0;
  const client = async () => {
    while (performance.now() < end) {
      const n = requests;
      requests += 1;
      const kind = pick(KINDS, random);
      const outcome = await within(60, `for ${kind.task}`, send(port, kind, n, random));
      const key = `${kind.task}${kind.leaves ? ', left' : ''}: ${outcome}`;
      outcomes[key] = (outcomes[key] ?? 0) + 1;
      if (!kind.allowed.includes(outcome)) wrong.push(`request ${n}: ${key}`);
    }
  };
  const clients = Promise.all(Array.from({ length: IN_FLIGHT }, client));
  await sleep((Number(seconds) * 1000) / 5);
  const early = await reply('memory');
  await clients;
  const late = await reply('memory');
  const exited = once(server, 'exit');
  const report = await within(30, 'until the server closes', reply('close'));
  const [code] = await within(30, 'until the server ends', exited);
  console.log(outcomes);
  console.log({ requests, early: megabytes(early), late: megabytes(late), ...report, code });
  const complaints = [
    ...wrong.slice(0, 20),
    ...(code === 0 &&
    report.left === 0 &&
    report.abandoned.length === 0 &&
    report.interpreters === 2
      ? []
      : ['the server did not end as it should']),
    ...(late - early <= MOST_GROWTH_MB * 1e6 ? [] : ['its memory grew']),
  ];
  for (const complaint of complaints) console.error(complaint);
  process.exitCode = complaints.length === 0 ? 0 : 1;
}

/** One request; how it ended: its status, `gone` if the client left before, or a wrong answer. */
function send(port, { task, args = (n) => [n], timeout, leaves }, n, random) {
  return new Promise((resolve) => {
    const query = new URLSearchParams({ args: JSON.stringify(args(n)) });
    if (timeout !== undefined) query.set('timeout', timeout);
    const path = `/${task}?${query}`;
    const request = ask({ host: '127.0.0.1', port, path, agent: false }, async (response) => {
      try {
        const text = (await response.setEncoding('utf8').toArray()).join('');
        const isRight = response.statusCode !== 200 || text === String(n + 1);
        resolve(isRight ? response.statusCode : `wrong answer ${text}`);
      } catch {
        resolve('gone');
      }
    });
    request.on('error', (error) => resolve(leaves ? 'gone' : String(error)));
    request.end();
    if (leaves) setTimeout(() => request.destroy(), random() * 20);
  });
}
