// Throw-away virtual environments with pinned packages.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCPython } from './cpython.mjs';
import { inCache, inRoot } from './paths.mjs';
import { runOrThrow } from './process.mjs';

const scripts = process.platform === 'win32' ? 'Scripts' : 'bin';

/**
 * @param {string} requirements the file that pins what is in it, below the repository
 * @param {string} name of its folder in the cache
 * @returns {Promise<{ tool: (name: string) => string, version: string }>}
 */
export async function ensureVenv(requirements, name) {
  const { executable, version } = await findCPython();
  const wanted = createHash('sha256')
    .update(`${executable}\n${version}\n${readFileSync(inRoot(requirements), 'utf8')}`)
    .digest('hex');
  const directory = inCache(name);
  const stamp = join(directory, 'made-from');
  const tool = (program) => join(directory, scripts, program);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { tool, version };

  console.log(`Making a virtual environment with CPython ${version} (${executable}).`);
  rmSync(directory, { recursive: true, force: true });
  await runOrThrow(executable, ['-m', 'venv', directory], { quiet: true });
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
  await runOrThrow(tool('python'), [...install, '--requirement', inRoot(requirements)], {
    quiet: true,
  });
  writeFileSync(stamp, wanted);
  return { tool, version };
}
