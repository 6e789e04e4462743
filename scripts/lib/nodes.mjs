// Other Node majors to test with, from the npm registry, which packages the official binaries.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inCache } from './paths.mjs';
import { runOrThrow } from './process.mjs';

/** Supported majors besides the one that runs this; exact, so that a failure is one of ours. */
export const OTHER_NODES = ['20.20.2', '22.23.3', '24.21.0'];

const platform = process.platform === 'win32' ? 'win' : process.platform;
const packageName = `node-${platform}-${process.arch}`;

/**
 * @param {string} version
 * @returns {Promise<string>} its executable
 */
export async function ensureNode(version) {
  const directory = inCache('nodes', version);
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const executable = join(directory, 'node_modules', packageName, 'bin', program);
  if (existsSync(executable)) return executable;
  console.log(`Installing Node ${version}.`);
  mkdirSync(directory, { recursive: true });
  // A project of its own, so that npm does not take this repository for it.
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
  const install = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'];
  await runOrThrow('npm', [...install, `${packageName}@${version}`], {
    cwd: directory,
    quiet: true,
  });
  return executable;
}
