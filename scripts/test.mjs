// Everything that must hold, from formatting to an installed package. `npm test` runs it all;
// `node scripts/test.mjs rust vitest` runs the named checks (and --full the long form of those that have one).
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { checks } from './checks/index.mjs';
import { failed, sum, summaryLine } from './lib/tally.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { full: { type: 'boolean', default: false }, list: { type: 'boolean', default: false } },
});

if (values.list) {
  for (const { name, title } of checks) console.log(`${name.padEnd(12)} ${title}`);
  process.exit(0);
}
const unknown = positionals.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(
    `No such check: ${unknown.join(', ')}. \`node scripts/test.mjs --list\` shows them.`,
  );
  process.exit(2);
}
const wanted = checks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

/** @type {{ check: typeof checks[number], tally: import('./lib/tally.mjs').Tally, seconds: number }[]} */
const results = [];
for (const check of wanted) {
  console.log(`\n━━ ${check.title}`);
  const started = performance.now();
  const tally = await perform(check);
  results.push({ check, tally, seconds: (performance.now() - started) / 1_000 });
}
report();

async function perform(check) {
  const broken = results.find(
    ({ check: { name }, tally }) => check.needs?.includes(name) && tally.failed > 0,
  );
  if (broken) return failed(`${check.title}: not run, because "${broken.check.title}" failed`);
  try {
    return await check.run({ full: values.full });
  } catch (error) {
    console.error(error);
    return failed(`${check.title}: ${error.message.split('\n')[0]}`);
  }
}

function report() {
  const total = sum(results.map(({ tally }) => tally));
  console.log('\n━━ Summary');
  for (const { check, tally, seconds } of results) {
    const mark = tally.failed > 0 ? '✗' : '✓';
    console.log(
      `${mark} ${check.title.padEnd(46)} ${`${seconds.toFixed(1)} s`.padStart(8)}   ${summaryLine(tally)}`,
    );
  }
  for (const reason of total.reasons) console.log(`  skipped: ${reason}`);
  for (const test of total.unstable) console.log(`  unstable (passed by itself): ${test}`);
  for (const failure of total.failures) console.log(`  failed: ${failure}`);
  console.log(`\n${summaryLine(total)}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}
