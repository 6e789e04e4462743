// `npm run foreign -- [suite…]`: CPython's own tests of interpreters, executors, multiprocessing and locks, run
// against multicore inside an interpreter of ours. The tests are those of the CPython that discovery finds
// (MULTICORE_PYTHON names another); nothing of them is kept here. Exits with 1 if a test fails that
// `differences.mjs` does not explain. What lives here: processes, time limits, the table.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pythonInfo } from '@multicore-python/interpreters';
import { differences } from './differences.mjs';
import { suites } from './suites.mjs';

const here = import.meta.dirname;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    isolation: { type: 'string', default: 'main' },
    only: { type: 'string' },
    stall: { type: 'string', default: '90' },
    traces: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});
const version = pythonInfo().version.split('.').slice(0, 2).join('.');
const wanted = suites.filter(
  ({ name, versions }) =>
    (positionals.length === 0 || positionals.some((word) => name.startsWith(word))) &&
    (versions === undefined || versions.includes(version)),
);
if (values.list) {
  for (const { name, tests } of wanted) console.log(`${name.padEnd(34)} ${tests.join(' ')}`);
  process.exit(0);
}

console.log(`CPython ${pythonInfo().version}, in an interpreter of isolation ${values.isolation}`);
let unexplained = 0;
for (const suite of wanted) unexplained += report(suite, await runSuite(suite));
process.exitCode = unexplained > 0 ? 1 : 0;

/** Every outcome of a suite, by test; a test that hangs or crashes costs itself, and the rest goes on after it. */
async function runSuite(suite) {
  const folder = mkdtempSync(join(tmpdir(), 'multicore-foreign-'));
  const outcomes = new Map();
  const texts = new Map();
  try {
    for (let round = 0; round < 40; round += 1) {
      const log = join(folder, `log-${round}`);
      const done = join(folder, `done-${round}`);
      writeFileSync(done, [...outcomes.keys()].join('\n'));
      const ending = await runChild(suite, log, done);
      const { current, finished } = read(log, outcomes, texts);
      if (finished) break;
      const test = current ?? `${suite.name} (before its first test)`;
      outcomes.set(test, ending.stalled ? 'hangs' : 'crashes');
      texts.set(test, ending.output.slice(-4_000));
      if (current === undefined) break;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { outcomes, texts };
}

function runChild(suite, log, done) {
  const env = {
    ...process.env,
    PYTHONPATH: join(here, 'site'),
    FOREIGN_REDIRECT: suite.redirect,
    FOREIGN_LOG: log,
    FOREIGN_DONE: done,
    FOREIGN_TESTS: suite.tests.join(' '),
    FOREIGN_EXCEPT: suite.except?.source ?? '',
    FOREIGN_ONLY: values.only ?? '',
  };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(here, 'child.mjs'), values.isolation], {
      env,
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let stalled = false;
    let size = -1;
    let quiet = 0;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-100_000);
        if (values.verbose) process.stderr.write(text);
      });
    const watch = setInterval(() => {
      const now = existsSync(log) ? readFileSync(log).length : 0;
      quiet = now === size ? quiet + 1 : 0;
      size = now;
      if (quiet < Number(values.stall)) return;
      stalled = true;
      child.kill('SIGKILL');
    }, 1_000);
    child.on('close', () => {
      clearInterval(watch);
      resolve({ output, stalled });
    });
  });
}

/** Reads what the child logged: a line for each test that began or ended. */
function read(log, outcomes, texts) {
  let current;
  let finished = false;
  if (!existsSync(log)) return { current, finished };
  for (const line of readFileSync(log, 'utf8').split('\n').filter(Boolean)) {
    const { event, test, outcome, text } = JSON.parse(line);
    if (event === 'start') current = test;
    if (event === 'end') finished = true;
    if (event !== 'outcome') continue;
    current = undefined;
    outcomes.set(test, outcome);
    if (text) texts.set(test, text);
  }
  return { current, finished };
}

function report(suite, { outcomes, texts }) {
  const all = [...outcomes];
  const bad = all.filter(([, outcome]) => !['passes', 'skipped'].includes(outcome));
  const explained = bad.filter(([test]) => reasonOf(test) !== undefined);
  const open = bad.filter(([test]) => reasonOf(test) === undefined);
  const count = (wantedOutcome) => all.filter(([, outcome]) => outcome === wantedOutcome).length;
  console.log(
    `${suite.name.padEnd(34)} ${String(count('passes')).padStart(4)} of ${String(all.length).padEnd(4)} pass, ` +
      `${count('skipped')} skipped, ${explained.length} differ as written, ${open.length} unexplained`,
  );
  for (const [test, outcome] of explained)
    console.log(`    differs (${outcome}): ${test}: ${reasonOf(test)}`);
  for (const [test, outcome] of open) {
    console.log(`  ✗ ${outcome}: ${test}`);
    const text = texts.get(test)?.trimEnd() ?? '';
    console.log((values.traces ? text : text.split('\n').at(-1)).replaceAll(/^/gm, '      '));
  }
  if (values.verbose)
    for (const [test, outcome] of all)
      if (outcome === 'skipped') console.log(`    skipped: ${test}: ${texts.get(test)}`);
  return open.length;
}

function reasonOf(test) {
  return differences.find(
    (entry) =>
      entry.tests.test(test) &&
      (entry.versions?.includes(version) ?? true) &&
      (entry.isolation ?? values.isolation) === values.isolation,
  )?.reason;
}
