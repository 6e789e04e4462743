// Finds a CPython for the checks of the Python side. What ships has its own, far more careful search
// (crates/core/js/discovery); a script must work before that is built.
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './process.mjs';

const OLDEST_MINOR = 13;
const NEWEST_MINOR = 15;
const PROBE =
  'import sys; print(sys.implementation.name, *sys.version_info[:3], sys.executable, sep="|")';

/** @returns {Promise<{ executable: string, version: string }>} */
export async function findCPython() {
  const tried = [];
  for (const candidate of candidates()) {
    const result = await run(candidate, ['-I', '-c', PROBE], { quiet: true, timeoutSeconds: 20 });
    const [name, major, minor, patch, executable] = result.stdout.trim().split('|');
    const answer = result.code === 0 ? `${name} ${major}.${minor}.${patch}` : 'did not run';
    if (name === 'cpython' && major === '3' && Number(minor) >= OLDEST_MINOR)
      return { executable, version: `${major}.${minor}.${patch}` };
    tried.push(`  ${candidate}: ${answer}`);
  }
  throw new Error(
    [
      `No CPython 3.${OLDEST_MINOR} or newer. Tried:`,
      ...tried,
      'Fix: install one, or name it in MULTICORE_PYTHON.',
    ].join('\n'),
  );
}

function candidates() {
  const minors = [];
  for (let minor = NEWEST_MINOR; minor >= OLDEST_MINOR; minor -= 1) minors.push(minor);
  return [
    process.env.MULTICORE_PYTHON,
    ...minors.map((minor) => `python3.${minor}`),
    'python3',
    ...pyenvVersions(minors),
  ].filter(Boolean);
}

function pyenvVersions(minors) {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  try {
    return readdirSync(versions)
      .filter((name) => minors.some((minor) => name.startsWith(`3.${minor}.`)))
      .sort((a, b) => b.localeCompare(a, undefined, { numeric: true }))
      .map((name) => join(versions, name, 'bin', 'python3'));
  } catch {
    return []; // No pyenv here.
  }
}
