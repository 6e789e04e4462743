// After `changeset version`: gives the new version to everything that changesets does not know, which is
// the Cargo workspace, the platform packages, and both lock files. Part of `npm run version-packages`.
import { readFileSync, writeFileSync } from 'node:fs';
import { coreDirectory, inRoot, nodeModulesBin } from '../lib/paths.mjs';
import { runOrThrow } from '../lib/process.mjs';
import { readManifest } from '../lib/workspace.mjs';

const { version } = readManifest(coreDirectory);

const cargoFile = inRoot('Cargo.toml');
const cargo = readFileSync(cargoFile, 'utf8');
const bumped = cargo.replace(
  /(^\[workspace\.package\]\n(?:.+\n)*?version = )".+"/m,
  `$1"${version}"`,
);
writeFileSync(cargoFile, bumped);
await runOrThrow('cargo', ['update', '--workspace']);

await runOrThrow(nodeModulesBin('napi'), ['version', '--npm-dir', 'npm'], { cwd: coreDirectory });
await runOrThrow('npm', [
  'install',
  '--package-lock-only',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
]);
await runOrThrow(nodeModulesBin('biome'), ['format', '--write', '.']);
