import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pythonInfo } from '@multicore-python/interpreters';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandOf } from '../src/host/command.js';
import { findPython, pythonPath } from '../src/runner/python.js';
import { type BasePython, virtualEnvironment } from '../src/runner/virtual-environment.js';

let below: string;
beforeEach(() => {
  below = mkdtempSync(join(tmpdir(), 'bench-python-'));
});
afterEach(() => {
  rmSync(below, { recursive: true });
});

/** The environment, with a file in it that is gone when it is made anew. */
async function made(base: BasePython = pythonInfo()): Promise<{
  readonly directory: string;
  readonly executable: string;
  readonly mark: string;
}> {
  const environment = await virtualEnvironment(base, below);
  if ('reason' in environment) throw new Error(environment.reason);
  const mark = join(environment.directory, 'mark');
  if (!existsSync(mark)) writeFileSync(mark, '');
  return { ...environment, mark };
}

describe('a virtual environment', () => {
  it('is of the Python that it is made from, and empty', async () => {
    const { directory, executable } = await made();
    const { version, basePrefix } = pythonInfo();
    const says = execFileSync(
      executable,
      [
        '-c',
        'import sys, os, site; print(sys.version.split()[0], sys.prefix, sys.base_prefix, [os.listdir(p) for p in site.getsitepackages()])',
      ],
      { encoding: 'utf8' },
    );
    expect(says.trim()).toBe(`${version} ${directory} ${basePrefix} [[]]`);
  });

  it('is used again', async () => {
    const first = await made();
    writeFileSync(first.mark, 'the same');
    const second = await virtualEnvironment(pythonInfo(), below);
    expect(second).toEqual({ directory: first.directory, executable: first.executable });
    expect(existsSync(first.mark)).toBe(true);
  });

  it.each<readonly [string, (environment: { executable: string; directory: string }) => void]>([
    ['it has lost its Python', ({ executable }) => unlinkSync(executable)],
    [
      'its Python is gone from where it was',
      ({ executable }) => {
        unlinkSync(executable);
        symlinkSync(join(below, 'nothing'), executable);
      },
    ],
    ['it is none any more', ({ directory }) => unlinkSync(join(directory, 'pyvenv.cfg'))],
    [
      'somebody has installed something',
      ({ directory }) => {
        const [major, minor] = pythonInfo().versionInfo;
        const packages = join(directory, 'lib', `python${major}.${minor}`, 'site-packages');
        writeFileSync(join(packages, 'more.pth'), 'import this\n');
      },
    ],
  ])('is made anew when %s', async (_, breakIt) => {
    const { mark, ...first } = await made();
    breakIt(first);
    expect(await virtualEnvironment(pythonInfo(), below)).toEqual(first);
    expect(existsSync(mark)).toBe(false);
    expect(existsSync(first.executable)).toBe(true);
  });

  it('is another one for another Python', async () => {
    const { executable, version } = pythonInfo();
    const link = join(below, 'python3');
    symlinkSync(executable, link);
    const [one, other] = [await made(), await made({ executable: link, version })];
    expect(other.directory).not.toBe(one.directory);
  });

  it('cannot be made where there is no venv: the reason is what Python says', async () => {
    const fake = join(below, 'python3');
    writeFileSync(fake, '#!/bin/sh\necho "$0: No module named venv" >&2\nexit 1\n', {
      mode: 0o755,
    });
    expect(await virtualEnvironment({ executable: fake, version: '3.13.0' }, below)).toEqual({
      reason: `${fake}: No module named venv`,
    });
    const missing = await virtualEnvironment(
      { executable: join(below, 'nothing'), version: '3.13.0' },
      below,
    );
    expect(missing).toEqual({ reason: expect.stringContaining('ENOENT') });
  });

  it('is not believed to be of another version', async () => {
    const { executable } = pythonInfo();
    const wrong = await virtualEnvironment({ executable, version: '3.12.1' }, below);
    expect(wrong).toEqual({ reason: expect.stringContaining('not a 3.12.1 of its own') });
  });
});

describe('the Python of a run', () => {
  it('is a virtual environment, first on PATH, with the installation after it', async () => {
    const python = await findPython(null, below);
    const { executable, libpython } = pythonInfo();
    expect(python).toMatchObject({
      installation: executable,
      libpython,
      environment: 'a virtual environment without packages',
    });
    expect(python.executable.startsWith(join(below, 'python'))).toBe(true);
    expect(pythonPath(python)).toEqual([dirname(python.executable), dirname(executable)]);
    const { file, env } = commandOf(
      { kind: 'python', script: 'first_result.py' },
      {
        python: python.executable,
        virtualEnvironment: python.virtualEnvironment,
        path: pythonPath(python),
        libpython,
        peers: below,
        native: {},
      },
    );
    expect(file).toBe(python.executable);
    expect(env['PATH']?.startsWith(pythonPath(python).join(':'))).toBe(true);
    expect(env['VIRTUAL_ENV']).toBe(python.virtualEnvironment);
  });

  it('is the one that was found where none can be made, and says so', async () => {
    const peers = join(below, 'a file');
    writeFileSync(peers, '');
    const python = await findPython(null, peers);
    expect(python.executable).toBe(pythonInfo().executable);
    expect(python.virtualEnvironment).toBeNull();
    expect(python.environment).toMatch(/^as found, without a virtual environment: ./);
  });

  it('is as it was named', async () => {
    const { executable } = pythonInfo();
    const peers = join(below, 'peers');
    mkdirSync(peers);
    const python = await findPython(executable, peers);
    expect(python).toMatchObject({ executable, installation: executable, environment: 'as given' });
    expect(pythonPath(python)).toEqual([dirname(executable)]);
    expect(existsSync(join(peers, 'python'))).toBe(false);
  });
});
