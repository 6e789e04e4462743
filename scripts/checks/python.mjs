import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { posix } from 'node:path';
import { projectFiles } from '../lib/files.mjs';
import { parseJunit } from '../lib/junit-results.mjs';
import { inCache, inRoot } from '../lib/paths.mjs';
import { run } from '../lib/process.mjs';
import { exitTally, failed, none, runnerTally, skipped, sum } from '../lib/tally.mjs';
import { ensureVenv } from '../lib/venv.mjs';

const PACKAGE = 'crates/core/python';

export const python = {
  name: 'python',
  title: 'The Python side (mypy, pyright, ruff, stubs, pytest)',
  needs: ['build'],
  async run() {
    const files = await projectFiles('*.py', '*.pyi');
    if (files.length === 0) return skipped('no Python file yet');
    const { tool, version } = await ensureVenv('requirements-dev.txt', 'venv');
    console.log(`${files.length} files, CPython ${version}`);
    return sum([
      exitTally(await run(tool('ruff'), ['check', ...files]), 'ruff check'),
      exitTally(await run(tool('ruff'), ['format', '--check', ...files]), 'ruff format'),
      ...(await typeCheck(tool('mypy'), files)),
      await pyright(),
      await stubs(tool('python')),
      await pytest(tool('python'), files),
    ]);
  },
};

/** One run for the package, and one for each other folder: programs in two folders may share a name. */
async function typeCheck(mypy, files) {
  const tallies = [];
  for (const [folder, members] of groupByFolder(files)) {
    console.log(`── mypy ${folder}`);
    // What is wrong with the package is said once, not again by everything that imports it.
    const imports = folder === PACKAGE ? [] : ['--follow-imports=silent'];
    const result = await run(mypy, ['--strict', ...imports, ...members]);
    tallies.push(exitTally(result, `mypy ${folder}`));
  }
  return tallies;
}

/** What editors say of the package's public types; `pyrightconfig.json` says which files. */
async function pyright() {
  console.log('── pyright');
  const entry = createRequire(import.meta.url).resolve('pyright/index.js');
  return exitTally(await run(process.execPath, [entry, '--warnings']), 'pyright');
}

/** Whether the native module and `multicore` are, inside an interpreter of ours, as their types say. */
async function stubs(python) {
  console.log('── stubtest');
  return exitTally(
    await run(process.execPath, [inRoot('scripts/stubs/run.mjs'), python]),
    'stubtest',
  );
}

function groupByFolder(files) {
  const folders = new Map();
  for (const file of files) {
    const folder = file.startsWith(`${PACKAGE}/`) ? PACKAGE : posix.dirname(file);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return folders;
}

/** Tests of what needs no interpreter of ours; the rest of the Python side is tested from vitest, inside. */
async function pytest(interpreter, files) {
  const tests = files.filter((file) => file.startsWith(PACKAGE) && /\/test_\w+\.py$/.test(file));
  if (tests.length === 0) return none;
  const report = inCache('pytest.xml');
  rmSync(report, { force: true });
  const args = ['-m', 'pytest', `--junitxml=${report}`, ...tests];
  const result = await run(interpreter, args, { env: { ...process.env, PYTHONPATH: PACKAGE } });
  const tally = existsSync(report)
    ? parseJunit(readFileSync(report, 'utf8'))
    : failed('pytest: left no report');
  return runnerTally(tally, result, 'pytest');
}
