// What must be true of the repository's own files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectFiles } from '../lib/files.mjs';
import { coreDirectory, inRoot } from '../lib/paths.mjs';
import { platformPackages, publishedPackages, readManifest } from '../lib/workspace.mjs';

const read = (...parts) => readFileSync(join(...parts), 'utf8');
const packages = publishedPackages();
const platforms = platformPackages();

describe('versions', () => {
  const { version } = readManifest(coreDirectory);

  test('every package, platform package and crate has the same one', () => {
    const crates = /^\[workspace\.package\]\n(?:.+\n)*?version = "(.+)"/m.exec(
      read(inRoot(), 'Cargo.toml'),
    )[1];
    const others = [...packages, ...platforms].map(({ manifest }) => manifest.version);
    expect(new Set([crates, ...others])).toEqual(new Set([version]));
  });

  test('packages depend on exactly that version of each other', () => {
    const names = packages.map(({ name }) => name);
    const ranges = packages.flatMap(({ manifest }) =>
      Object.entries(manifest.dependencies ?? {}).filter(([name]) => names.includes(name)),
    );
    expect(ranges.filter(([, range]) => range !== version)).toEqual([]);
  });
});

describe('platform packages', () => {
  test('are one for each target of the napi configuration', () => {
    const { napi } = readManifest(coreDirectory);
    expect(platforms.map(({ id }) => id).sort()).toEqual(napi.targets.map(platformId).sort());
  });

  test.each(platforms)('$id is for one platform and holds one binary', ({ id, manifest }) => {
    const [os, cpu, abi] = id.split('-');
    const libc = { gnu: ['glibc'], musl: ['musl'] }[abi];
    expect(manifest).toMatchObject({ os: [os], cpu: [cpu], main: `multicore-core.${id}.node` });
    expect(manifest.libc).toEqual(libc);
    expect(manifest.files).toEqual([manifest.main]);
  });
});

describe.each(packages)('$name', ({ directory, manifest }) => {
  test('has what the registry shows', () => {
    expect(manifest).toMatchObject({
      description: expect.stringMatching(/\.$/),
      license: 'MIT',
      type: 'module',
      engines: { node: '>=20.19' },
      publishConfig: { access: 'public' },
      repository: { directory: directory.slice(inRoot().length + 1).replaceAll('\\', '/') },
    });
  });

  test('has no dependency from outside', () => {
    const outside = Object.keys(manifest.dependencies ?? {}).filter(
      (name) => !name.startsWith('@multicore-python/'),
    );
    expect(outside).toEqual([]);
  });
});

test.each([...packages, ...platforms])('$directory carries the license', ({ directory }) => {
  expect(read(directory, 'LICENSE')).toBe(read(inRoot(), 'LICENSE'));
});

describe('committed files', () => {
  test('name no machine, no registry and no home folder', async () => {
    const telling = [
      /https?:\/\/(?!www\.npmjs\.com\/package\/)[\w.-]*(?:npmjs|crates\.io|pythonhosted|pypi)\b/,
      /\/(?:root|home\/\w+|Users\/\w+)\//,
      /\/work\/(?:main|wt|shared)\b/,
    ];
    const files = (await projectFiles()).filter(
      (file) => !/^Cargo\.lock$|scripts\/test\/repository/.test(file),
    );
    const found = files.filter((file) =>
      telling.some((pattern) => pattern.test(read(inRoot(), file))),
    );
    expect(found).toEqual([]);
  });

  test('the lock file names no place to download from', () => {
    const { packages: locked } = JSON.parse(read(inRoot(), 'package-lock.json'));
    const resolved = Object.values(locked).flatMap((each) =>
      each.link ? [] : (each.resolved ?? []),
    );
    expect(resolved).toEqual([]);
  });

  test('the lock file has every platform of every tool', () => {
    const { packages: locked } = JSON.parse(read(inRoot(), 'package-lock.json'));
    const names = new Set(Object.keys(locked).map((path) => path.split('node_modules/').at(-1)));
    const optional = Object.values(locked).flatMap((each) =>
      Object.keys(each.optionalDependencies ?? {}),
    );
    expect(optional.filter((name) => !names.has(name))).toEqual([]);
  });
});

/** `aarch64-unknown-linux-musl` is `linux-arm64-musl` to npm. */
function platformId(target) {
  const [arch, , system, abi] = target.split('-');
  const cpu = { x86_64: 'x64', aarch64: 'arm64' }[arch];
  const os = { windows: 'win32' }[system] ?? system;
  return [os, cpu, abi].filter(Boolean).join('-');
}
