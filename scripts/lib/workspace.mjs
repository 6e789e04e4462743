// The packages that get published, and what hangs on what.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { coreDirectory, inRoot } from './paths.mjs';

export const readManifest = (directory) =>
  JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));

/** @returns {{ name: string, directory: string, manifest: any }[]} core first, then by name */
export function publishedPackages() {
  const others = readdirSync(inRoot('packages')).map((name) => inRoot('packages', name));
  return [coreDirectory, ...others]
    .map((directory) => ({ directory, manifest: readManifest(directory) }))
    .filter(({ manifest }) => !manifest.private)
    .map((found) => ({ name: found.manifest.name, ...found }));
}

/** The folders of `@multicore-python/core-<platform>`, as napi-rs lays them out. */
export function platformPackages() {
  const npm = join(coreDirectory, 'npm');
  return readdirSync(npm).map((id) => ({
    id,
    directory: join(npm, id),
    manifest: readManifest(join(npm, id)),
  }));
}

/** Names of the packages of ours that installing `name` brings along, itself included. */
export function closure(name, packages = publishedPackages()) {
  const found = new Set([name]);
  for (const each of found) {
    const { manifest } = packages.find((known) => known.name === each);
    for (const dependency of Object.keys(manifest.dependencies ?? {}))
      if (packages.some((known) => known.name === dependency)) found.add(dependency);
  }
  return [...found];
}
