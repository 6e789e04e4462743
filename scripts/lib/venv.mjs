// A throw-away virtual environment with the pinned tools that check the Python side.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCPython } from './cpython.mjs';
import { inCache, inRoot } from './paths.mjs';
import { runOrThrow } from './process.mjs';

const scripts = process.platform === 'win32' ? 'Scripts' : 'bin';

/** @returns {Promise<{ tool: (name: string) => string, version: string }>} */
export async function ensureVenv() {
  const { executable, version } = await findCPython();
  const requirements = inRoot('requirements-dev.txt');
  const wanted = createHash('sha256')
    .update(`${executable}\n${version}\n${readFileSync(requirements, 'utf8')}`)
    .digest('hex');
  const directory = inCache('venv');
  const stamp = join(directory, 'made-from');
  const tool = (name) => join(directory, scripts, name);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { tool, version };

  console.log(`Making a virtual environment with CPython ${version} (${executable}).`);
  rmSync(directory, { recursive: true, force: true });
  await runOrThrow(executable, ['-m', 'venv', directory], { quiet: true });
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
  await runOrThrow(tool('python'), [...install, '--requirement', requirements], { quiet: true });
  writeFileSync(stamp, wanted);
  return { tool, version };
}
