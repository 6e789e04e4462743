// `npm run soak:pool [-- minutes seed]`: a server under load, against what was built. Exits with 1 if a request
// was not answered, an answer was wrong, an interpreter was lost or memory grew.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRoot } from './lib/paths.mjs';

const [minutes = '3', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
/** Memory may differ by so much between the first tenth and the end (V8's heap, free memory of the C library's arenas, what the living hold)… */
const MOST_GROWTH_MB = 80;
/** …and by what CPython 3.13 itself loses with each interpreter that ends (docs/design/interpreters.md). */
const LOST_WITH_EACH_MB = 0.002;

// The soak is TypeScript beside the tests: compiled next to them, so that it finds its Python.
const out = mkdtempSync(inRoot('packages/interpreters/test/pool/.soak-'));
let report;
try {
  const tsc = inRoot('node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [
    ...[tsc, inRoot('packages/interpreters/test/pool/soak.ts'), '--ignoreConfig', '--outDir', out],
    ...['--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--skipLibCheck'],
    ...['--lib', 'es2023,esnext.disposable', '--rootDir', inRoot('packages/interpreters')],
  ]);
  const { soak } = await import(pathToFileURL(join(out, 'test/pool/soak.js')).href);
  const subject = await import('@multicore-python/interpreters');
  console.log(`Soaking a pool for ${minutes} minutes with seed ${seed}.`);
  report = await soak(subject, {
    seed: Number(seed),
    requests: Number.POSITIVE_INFINITY,
    milliseconds: Number(minutes) * 60_000,
    python: inRoot('packages/interpreters/test/pool/python'),
    log: (line) => console.log(line),
  });
} finally {
  rmSync(out, { recursive: true, force: true });
}
console.log(report);
const [early, late] = report.memory;
const complaints = [
  ...(report.answered === report.requests ? [] : ['not every request was answered']),
  ...(report.wrong.length === 0 ? [] : [`${report.wrong.length} wrong answers`]),
  ...(report.left.length === 0 ? [] : [`interpreters left: ${report.left.join(', ')}`]),
  ...(late - early <= MOST_GROWTH_MB + report.replaced * LOST_WITH_EACH_MB
    ? []
    : [`memory grew from ${early} to ${late} MB`]),
];
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;
