// Where the addon is looked for, and what is said when it, or libpython, cannot be opened.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { currentHost } from '../../js/discovery/host.js';
import type { PythonInfo } from '../../js/discovery/types.js';
import { loadBinding } from '../../js/load/binding.js';
import { openLibpython } from '../../js/load/libpython.js';
import { locateBinary } from '../../js/load/locate.js';
import { platformTriple } from '../../js/load/triple.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'multicore-load-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const python = (libpython: string): PythonInfo => ({
  status: 'usable',
  executable: '/x/bin/python3',
  version: '3.13.5',
  versionInfo: [3, 13, 5],
  libpython,
  basePrefix: '/x',
  venv: null,
  stdlib: '/x/lib/python3.13',
  dynload: null,
  origin: 'PATH',
  found: 'python3 on PATH',
});

it.each([
  ['linux', 'x64', 'glibc', 'linux-x64-gnu'],
  ['linux', 'arm64', 'musl', 'linux-arm64-musl'],
  ['linux', 'arm', 'glibc', 'linux-arm-gnueabihf'],
  ['darwin', 'arm64', null, 'darwin-arm64'],
  ['win32', 'x64', null, 'win32-x64-msvc'],
] as const)('names %s %s %s as napi-rs does', (platform, arch, libc, triple) => {
  expect(platformTriple({ platform, arch, libc })).toBe(triple);
});

describe('locateBinary', () => {
  const host = (env = {}) => ({
    ...currentHost(),
    env,
    cwd: folder,
    platform: 'linux' as const,
    arch: 'x64',
    libc: 'glibc' as const,
  });
  const file = (...path: string[]) => {
    const full = join(folder, ...path);
    mkdirSync(join(full, '..'), { recursive: true });
    writeFileSync(full, '');
    return full;
  };
  const installPackage = () => {
    writeFileSync(file('node_modules/@multicore-python/core-linux-x64-gnu/package.json'), '{}');
    return file(
      'node_modules/@multicore-python/core-linux-x64-gnu/multicore-core.linux-x64-gnu.node',
    );
  };

  it('prefers MULTICORE_CORE_BINARY, then a local build, then the platform package', () => {
    const installed = installPackage();
    expect(locateBinary(host(), folder)).toMatchObject({
      path: installed,
      origin: 'platform package',
    });
    const local = file('multicore-core.linux-x64-gnu.node');
    expect(locateBinary(host(), folder)).toMatchObject({ path: local, origin: 'local build' });
    const own = file('own build.node');
    expect(locateBinary(host({ MULTICORE_CORE_BINARY: './own build.node' }), folder)).toMatchObject(
      { path: own },
    );
  });

  it('uses nothing else when MULTICORE_CORE_BINARY is wrong', () => {
    installPackage();
    expect(locateBinary(host({ MULTICORE_CORE_BINARY: 'gone.node' }), folder).path).toBeNull();
  });

  it('tells where it looked', () => {
    const { path, tried } = locateBinary(host(), folder);
    expect(path).toBeNull();
    expect(tried).toEqual([
      join(folder, 'multicore-core.linux-x64-gnu.node'),
      '@multicore-python/core-linux-x64-gnu',
    ]);
  });
});

describe('loading', () => {
  it('says what is wrong when libpython cannot be opened', () => {
    const library = join(folder, 'libpython3.13.so.1.0');
    writeFileSync(library, 'not a library');
    expect(() => openLibpython(python(library))).toThrow(
      expect.objectContaining({
        code: 'ERR_ADDON_LOAD',
        message: expect.stringContaining(library),
      }),
    );
  });

  it('says that MULTICORE_CORE_BINARY is wrong', () => {
    vi.stubEnv('MULTICORE_CORE_BINARY', join(folder, 'gone.node'));
    expect(() => loadBinding(python('/x'))).toThrow(
      /MULTICORE_CORE_BINARY names a file that does not exist/,
    );
  });
});
