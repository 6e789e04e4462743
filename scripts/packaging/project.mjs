// An empty project of a user's, outside the repository.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOrThrow } from '../lib/process.mjs';

/**
 * Installs one package as a user would, with the tarballs standing in for the registry. It works offline,
 * because the packages have no dependency but each other.
 * @param {object} options
 * @param {string} options.directory
 * @param {string} options.name the one package that the project asks for
 * @param {readonly import('./pack.mjs').Packed[]} options.packed
 * @param {NodeJS.ProcessEnv} options.env
 */
export async function makeProject({ directory, name, packed, env }) {
  mkdirSync(directory, { recursive: true });
  const fileOf = (each) => `file:${each.tarball}`;
  const asked = packed.find((each) => each.name === name);
  const others = packed.filter((each) => each !== asked);
  const manifest = {
    name: 'a-users-project',
    private: true,
    type: 'module',
    dependencies: { [name]: fileOf(asked) },
    overrides: Object.fromEntries(others.map((each) => [each.name, fileOf(each)])),
  };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest, null, 2));
  const install = ['install', '--offline', '--no-audit', '--no-fund', '--no-package-lock'];
  await runOrThrow('npm', install, { cwd: directory, env, quiet: true, timeoutSeconds: 300 });
}
