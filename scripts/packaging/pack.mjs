// Makes the tarballs that a release would publish, for this machine's platform.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { coreDirectory, nodeModulesBin } from '../lib/paths.mjs';
import { runOrThrow } from '../lib/process.mjs';
import { publishedPackages, readManifest } from '../lib/workspace.mjs';
import { bundle } from './bundle.mjs';

/**
 * @typedef {object} Packed
 * @property {string} name
 * @property {string} tarball
 * @property {readonly string[]} files paths inside the package
 * @property {number} size bytes of the tarball
 * @property {'platform' | 'library'} kind
 */

/**
 * @param {string} workDirectory an empty folder of the caller's
 * @returns {Promise<Packed[]>}
 */
export async function packAll(workDirectory) {
  const tarballs = join(workDirectory, 'tarballs');
  mkdirSync(tarballs, { recursive: true });
  const core = await stageCore(join(workDirectory, 'core'));
  const packed = [await pack(core.platformDirectory, tarballs, 'platform')];
  for (const { directory } of publishedPackages()) {
    const from =
      directory === coreDirectory
        ? core.directory
        : stage(directory, join(workDirectory, 'staged'));
    await bundle(from);
    packed.push(await pack(from, tarballs, 'library'));
  }
  return packed;
}

/** A copy of what a package publishes. */
function stage(directory, into) {
  const copy = join(into, basename(directory));
  const published = readManifest(directory).files.filter((entry) => !entry.startsWith('!'));
  for (const entry of [...published, 'package.json', 'README.md', 'LICENSE'])
    cpSync(join(directory, entry), join(copy, entry), { recursive: true });
  return copy;
}

/**
 * Does to a copy of the core what a release does to the core itself (`napi artifacts`, `napi pre-publish`),
 * except that this machine's platform is the only one.
 */
async function stageCore(directory) {
  const [binary, ...more] = readdirSync(coreDirectory).filter((file) => file.endsWith('.node'));
  if (!binary || more.length > 0)
    throw new Error(`Expected one .node file in crates/core, found: ${[binary, ...more]}`);
  const id = binary.split('.').at(-2);

  mkdirSync(join(directory, 'artifacts'), { recursive: true });
  const published = [...readManifest(coreDirectory).files, 'package.json', 'README.md', 'LICENSE'];
  for (const entry of [...published.filter((entry) => !entry.startsWith('!')), join('npm', id)])
    cpSync(join(coreDirectory, entry), join(directory, entry), { recursive: true });
  cpSync(join(coreDirectory, binary), join(directory, 'artifacts', binary));

  const manifestFile = join(directory, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  manifest.napi.targets = [await hostTarget()];
  writeFileSync(manifestFile, JSON.stringify(manifest, null, 2));

  const napi = (...args) =>
    runOrThrow(nodeModulesBin('napi'), args, { cwd: directory, quiet: true });
  await napi('artifacts', '--npm-dir', 'npm', '--output-dir', 'artifacts');
  await napi('pre-publish', '--tag-style', 'npm', '--no-gh-release', '--skip-optional-publish');
  rmSync(join(directory, 'artifacts'), { recursive: true });
  return { directory, platformDirectory: join(directory, 'npm', id) };
}

async function hostTarget() {
  const { stdout } = await runOrThrow('rustc', ['-vV'], { quiet: true });
  return /^host: (.+)$/m.exec(stdout)[1];
}

async function pack(directory, destination, kind) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
  const { stdout } = await runOrThrow('npm', args, { cwd: directory, quiet: true });
  const answer = JSON.parse(stdout);
  // npm 11 answers with an array, newer ones with an object by name.
  const [{ name, filename, files, size }] = Object.values(answer);
  return {
    name,
    tarball: join(destination, filename),
    files: files.map(({ path }) => path),
    size,
    kind,
  };
}
