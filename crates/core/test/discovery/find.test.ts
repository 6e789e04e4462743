// Which candidate wins, and with which code and fix the others lose.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FindOptions, findPython, surveyPythons } from '../../js/discovery/find.js';
import type { Host } from '../../js/discovery/host.js';
import type { RejectedPython } from '../../js/discovery/types.js';
import { MulticoreError } from '../../js/errors.js';
import { ARM64, healthy, type Machine, makeMachine, print } from './fakes.js';

let machine: Machine;
beforeEach(() => {
  machine = makeMachine();
});
afterEach(() => machine.remove());

function failure(options: FindOptions): MulticoreError {
  try {
    findPython(options);
  } catch (error) {
    if (error instanceof MulticoreError) return error;
    throw error;
  }
  throw new Error('it should have failed');
}

/** The only rejection there is, for a machine with one candidate. */
function rejection(host: Host = machine.host, timeoutMs = 5_000): RejectedPython {
  const { outcomes, chosen } = surveyPythons({ host, timeoutMs });
  expect(chosen).toBeNull();
  expect(outcomes).toHaveLength(1);
  return outcomes[0] as RejectedPython;
}

describe('rejections', () => {
  it('says how to get one when there is no Python at all', () => {
    const error = failure({ host: machine.host });
    expect(error.code).toBe('ERR_PYTHON_NOT_FOUND');
    expect(error.message).toMatch(/No Python was found/);
    expect(error.message).toMatch(/uv python install/);
  });

  it.each([
    [3, 11],
    [3, 12],
  ])('refuses Python %i.%i as too old', (major, minor) => {
    machine.install('path/..', { name: '../path/python3', answer: { major, minor } });
    expect(rejection()).toMatchObject({
      code: 'ERR_PYTHON_VERSION',
      version: `${major}.${minor}.5`,
      reason: expect.stringMatching(/3\.13 or newer is needed/),
      fix: expect.stringMatching(/Install CPython 3\.13/),
    });
  });

  it('refuses a Python that is newer than what was tested', () => {
    machine.script('path/python3', print(healthy('/x/python3', '/x', { minor: 99 })));
    expect(rejection()).toMatchObject({
      code: 'ERR_PYTHON_VERSION',
      fix: expect.stringMatching(/Update @multicore-python\/core/),
    });
  });

  it('does not start what its own file name says is too old', () => {
    machine.script('old/python3.11', `touch ${machine.folder}/started`);
    symlinkSync(join(machine.folder, 'old/python3.11'), join(machine.folder, 'path/python3'));
    expect(rejection()).toMatchObject({ code: 'ERR_PYTHON_VERSION', version: '3.11' });
    expect(() => writeFileSync(join(machine.folder, 'started'), '', { flag: 'wx' })).not.toThrow();
  });

  it('refuses a build without a shared library, and lists where it looked', () => {
    machine.install('home/.pyenv/versions/3.13.5', { machine: null });
    const found = rejection();
    expect(found).toMatchObject({
      code: 'ERR_PYTHON_STATIC',
      fix: expect.stringMatching(/--enable-shared/),
    });
    expect(found.tried).toContain(
      join(machine.folder, 'home/.pyenv/versions/3.13.5/lib/libpython3.13.so.1.0'),
    );
  });

  it('names the system’s package when a system Python lacks its library', () => {
    machine.script(
      'path/python3',
      print(
        healthy('/nowhere/python3', '/usr', {
          abiFlags: 'none',
          instSoname: null,
          ldLibrary: null,
        }),
      ),
    );
    expect(rejection()).toMatchObject({
      code: 'ERR_PYTHON_STATIC',
      fix: expect.stringMatching(/apt install libpython3\.13/),
    });
  });

  it('refuses a free-threaded build', () => {
    machine.install('home/.pyenv/versions/3.13.5t', { answer: { freeThreaded: 1 } });
    expect(rejection()).toMatchObject({
      code: 'ERR_PYTHON_FREE_THREADED',
      fix: expect.stringMatching(/ordinary build/),
    });
  });

  it('refuses a library for another processor', () => {
    machine.install('home/.pyenv/versions/3.13.5', { machine: ARM64 });
    expect(rejection()).toMatchObject({
      code: 'ERR_PYTHON_ARCHITECTURE',
      reason: 'is built for arm64, this Node for x64',
      fix: expect.stringMatching(/CPython for x64/),
    });
  });

  it('refuses a library for another C library', () => {
    machine.install('home/.pyenv/versions/3.13.5', {
      answer: { soabi: 'cpython-313-x86_64-linux-musl', multiarch: null },
    });
    expect(rejection()).toMatchObject({
      code: 'ERR_PYTHON_ARCHITECTURE',
      reason: 'is built for musl, this Node for glibc',
    });
  });

  it('refuses another implementation', () => {
    machine.script('path/python3', print(healthy('/x/pypy3', '/x', { implementation: 'pypy' })));
    expect(rejection()).toMatchObject({
      code: 'ERR_PYTHON_IMPLEMENTATION',
      reason: 'is pypy, not CPython',
    });
  });

  it.each([
    ['garbage', 'echo hello', /does not answer as a Python does: "hello"/],
    ['nothing', ':', /it printed nothing/],
    ['a truncated answer', `printf 'multicore-python-probe:{"major":3'`, /does not answer/],
    [
      'an answer with a field of the wrong type',
      print({ ...healthy('/x', '/x'), minor: '13' }),
      /does not answer/,
    ],
    [
      'an error',
      'echo "cannot open libfoo.so" >&2; exit 127',
      /exit status 127: "cannot open libfoo\.so"/,
    ],
    ['a signal', 'kill -SEGV $$', /was killed by SIGSEGV/],
    [
      'endless output',
      'while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done',
      /without end/,
    ],
  ])('takes %s for a broken Python', (_, body, reason) => {
    machine.script('path/python3', body);
    expect(rejection()).toMatchObject({
      code: 'ERR_PYTHON_BROKEN',
      reason: expect.stringMatching(reason),
      fix: expect.stringMatching(/-V in a terminal/),
    });
  });

  it('gives up on a candidate that hangs', () => {
    machine.script('path/python3', 'exec sleep 60');
    expect(rejection(machine.host, 200)).toMatchObject({
      code: 'ERR_PYTHON_BROKEN',
      reason: 'did not answer within 200 ms',
    });
  });

  it('takes Python 2’s complaint for a version, not for a defect', () => {
    machine.script('path/python', 'echo "Unknown option: -I" >&2; exit 2');
    expect(rejection()).toMatchObject({ code: 'ERR_PYTHON_VERSION' });
  });

  it('reports an activated environment that is gone', () => {
    expect(rejection(machine.withEnv({ VIRTUAL_ENV: '/gone/venv' }))).toMatchObject({
      code: 'ERR_PYTHON_BROKEN',
      origin: 'VIRTUAL_ENV',
      fix: expect.stringMatching(/deactivate/),
    });
  });

  it('lists every candidate with its reason and its fix when none can be used', () => {
    machine.script('path/python3', 'echo hello');
    machine.install('home/.pyenv/versions/3.13.5', { machine: null });
    const { code, message } = failure({ host: machine.host });
    expect(code).toBe('ERR_PYTHON_NOT_FOUND');
    expect(message).toMatch(/None of the 2 Pythons/);
    expect(message).toMatch(/does not answer/);
    expect(message).toMatch(/no shared libpython/);
  });
});

describe('pyenv', () => {
  const shim = 'home/.pyenv/shims/python3.13';
  const withShims = (env: Record<string, string> = {}) =>
    machine.withEnv({ PATH: join(machine.folder, 'home/.pyenv/shims'), ...env });
  beforeEach(() => {
    machine.install('home/.pyenv/versions/3.13.5', { name: 'python3.13' });
    machine.install('home/.pyenv/versions/3.13.5');
    machine.script(shim, `touch ${machine.folder}/started; exit 127`);
  });
  afterEach(() => {
    // No shim was ever started.
    expect(() => writeFileSync(join(machine.folder, 'started'), '', { flag: 'wx' })).not.toThrow();
  });

  it('passes over an inactive shim and says how to activate it', () => {
    writeFileSync(join(machine.folder, 'home/.pyenv/version'), '3.11.7\n');
    const { chosen, outcomes } = surveyPythons({ host: withShims() });
    expect(chosen).toMatchObject({ origin: 'pyenv' });
    expect(outcomes[0]).toMatchObject({
      code: 'ERR_PYTHON_BROKEN',
      reason: expect.stringMatching(/pyenv shim.*3\.11\.7.*has no python3\.13/),
      fix: expect.stringMatching(/pyenv local 3\.13/),
    });
  });

  it.each(['PYENV_VERSION', '.python-version', 'version'])(
    'follows an active shim, selected by %s',
    (by) => {
      if (by === '.python-version') writeFileSync(join(machine.host.cwd, by), '# ours\n3.13.5\n');
      if (by === 'version')
        writeFileSync(join(machine.folder, 'home/.pyenv/version'), '3.11.7 3.13.5');
      const info = findPython({
        host: withShims(by === 'PYENV_VERSION' ? { [by]: '3.12.0:3.13.5' } : {}),
      });
      expect(info).toMatchObject({
        origin: 'PATH',
        found: 'python3.13 on PATH, through pyenv’s shim',
      });
      expect(info.executable).toBe(
        join(machine.folder, 'home/.pyenv/versions/3.13.5/bin/python3.13'),
      );
    },
  );

  it('refuses an explicitly chosen inactive shim', () => {
    expect(failure({ host: withShims(), python: 'python3.13' }).code).toBe('ERR_PYTHON_BROKEN');
  });

  it('takes the newest of several versions', () => {
    machine.install('home/.pyenv/versions/3.13.10', { answer: { micro: 10 } });
    machine.install('home/.pyenv/versions/3.9.18', { answer: { minor: 9 } });
    expect(findPython({ host: machine.host }).version).toBe('3.13.10');
  });
});

describe('order', () => {
  it('prefers configure, MULTICORE_PYTHON, VIRTUAL_ENV, CONDA_PREFIX, .venv, PATH, pyenv, uv, system', () => {
    const places = ['chosen', 'env', 'venv', 'conda', 'work/.venv'].map((root) =>
      machine.install(root),
    );
    machine.install('.', { name: '../path/python3' });
    machine.install('home/.pyenv/versions/3.13.5');
    machine.install('home/.local/share/uv/python/cpython-3.13.5-linux-x86_64-gnu');
    machine.install('root/usr', { name: 'python3.13' });
    const at = (index: number) => join(places[index] ?? '', '../..');
    const host = machine.withEnv({
      MULTICORE_PYTHON: at(1),
      VIRTUAL_ENV: at(2),
      CONDA_PREFIX: at(3),
    });
    const origins = (options: FindOptions) =>
      surveyPythons(options).outcomes.map(({ origin }) => origin);
    const rest = ['VIRTUAL_ENV', 'CONDA_PREFIX', '.venv', 'PATH', 'pyenv', 'uv', 'system'];
    expect(origins({ host })).toEqual(['MULTICORE_PYTHON', ...rest]);
    expect(origins({ host, python: at(0) })).toEqual(['configure', ...rest]);
    expect(findPython({ host, python: at(0) }).origin).toBe('configure');
    expect(findPython({ host }).origin).toBe('MULTICORE_PYTHON');
  });

  it('looks for the newest name on PATH first', () => {
    machine.install('.', { name: '../path/python3' });
    machine.install('.', { name: '../path/python3.13' });
    machine.install('.', { name: '../path/python3.14', answer: { minor: 14 } });
    const { outcomes } = surveyPythons({ host: machine.host });
    expect(outcomes.map(({ found }) => found)).toEqual([
      'python3.14 on PATH',
      'python3.13 on PATH',
      'python3 on PATH',
    ]);
  });

  it('reports one installation once, however many links lead to it', () => {
    const real = machine.install('home/.pyenv/versions/3.13.5');
    for (const name of ['python3.13', 'python3', 'python'])
      symlinkSync(real, join(machine.folder, 'path', name));
    expect(surveyPythons({ host: machine.host }).outcomes).toHaveLength(1);
  });

  it('stops at the first usable one', () => {
    machine.install('venv');
    machine.script('path/python3', `touch ${machine.folder}/started`);
    findPython({ host: machine.withEnv({ VIRTUAL_ENV: join(machine.folder, 'venv') }) });
    expect(() => writeFileSync(join(machine.folder, 'started'), '', { flag: 'wx' })).not.toThrow();
  });
});

describe('explicit choices', () => {
  it.each(['configure', 'MULTICORE_PYTHON'] as const)(
    'uses nothing else when %s fails',
    (origin) => {
      machine.install('home/.pyenv/versions/3.13.5');
      const options =
        origin === 'configure'
          ? { host: machine.host, python: '/gone/python' }
          : { host: machine.withEnv({ MULTICORE_PYTHON: '/gone/python' }) };
      const error = failure(options);
      expect(error.code).toBe('ERR_PYTHON_BROKEN');
      expect(error.message).toMatch(/\/gone\/python .* does not exist/);
      expect(error.message).toContain(origin);
      expect(surveyPythons(options)).toMatchObject({ chosen: null, refused: { origin } });
    },
  );

  it('keeps the code of what was wrong with it', () => {
    const python = machine.install('old', { answer: { minor: 12 } });
    expect(failure({ host: machine.host, python }).code).toBe('ERR_PYTHON_VERSION');
  });

  it('refuses a folder without a Python and a file that is not executable', () => {
    expect(failure({ host: machine.host, python: machine.host.cwd }).message).toMatch(
      /folder without a Python/,
    );
    const file = join(machine.folder, 'plain');
    writeFileSync(file, '');
    expect(failure({ host: machine.host, python: file }).message).toMatch(
      /not executable.*\n.*chmod/,
    );
  });

  it.each(['./env', '~/env', 'env'])('takes %s as the root of an environment', (choice) => {
    machine.install(choice === '~/env' ? 'home/env' : 'work/env');
    expect(findPython({ host: machine.host, python: choice }).executable).toMatch(
      /env\/bin\/python3$/,
    );
  });

  it('takes a command on PATH', () => {
    machine.install('.', { name: '../path/my-python' });
    expect(findPython({ host: machine.host, python: 'my-python' }).origin).toBe('configure');
  });
});

describe('environments', () => {
  it('starts as the venv’s own python, with the library of the installation behind it', () => {
    const base = machine.install('opt/base');
    const prefix = join(machine.folder, 'opt/base');
    const venv = join(machine.folder, 'work/.venv');
    const python = machine.script(
      'work/.venv/bin/python3',
      print(healthy(join(venv, 'bin/python3'), prefix)),
    );
    writeFileSync(join(venv, 'pyvenv.cfg'), `home = ${base}\n`);
    expect(findPython({ host: machine.host })).toMatchObject({
      origin: '.venv',
      executable: python,
      venv,
      basePrefix: prefix,
      libpython: join(prefix, 'lib/libpython3.13.so.1.0'),
    });
  });

  it('keeps two venvs on one installation apart', () => {
    const base = machine.install('opt/base');
    for (const root of ['work/.venv', 'other']) {
      mkdirSync(join(machine.folder, root, 'bin'), { recursive: true });
      symlinkSync(base, join(machine.folder, root, 'bin/python3'));
      writeFileSync(join(machine.folder, root, 'pyvenv.cfg'), '');
    }
    const { outcomes } = surveyPythons({
      host: machine.withEnv({ VIRTUAL_ENV: join(machine.folder, 'other') }),
    });
    expect(outcomes[0]?.origin).toBe('VIRTUAL_ENV');
  });

  it('finds a conda environment', () => {
    machine.install('conda', { answer: { instSoname: null, ldLibrary: 'libpython3.13.a' } });
    const info = findPython({
      host: machine.withEnv({ CONDA_PREFIX: join(machine.folder, 'conda') }),
    });
    expect(info).toMatchObject({
      origin: 'CONDA_PREFIX',
      libpython: join(machine.folder, 'conda/lib/libpython3.13.so.1.0'),
    });
  });

  it('copes with spaces and letters of any script in paths', () => {
    const python = machine.install('mÿ ‘path’/питон 🐍');
    expect(findPython({ host: machine.host, python }).executable).toBe(python);
  });

  it('finds the library of an installation that was moved', () => {
    machine.install('home/.local/share/uv/python/cpython-3.13.5-x', {
      answer: { libDir: '/install/lib' },
    });
    expect(findPython({ host: machine.host })).toMatchObject({
      origin: 'uv',
      libpython: expect.stringMatching(/libpython3\.13\.so\.1\.0$/),
    });
  });

  it('follows a relative libDir never', () => {
    machine.install('home/.pyenv/versions/3.13.5', { answer: { libDir: '../lib' } });
    expect(findPython({ host: machine.host }).libpython).toBe(
      join(machine.folder, 'home/.pyenv/versions/3.13.5/lib/libpython3.13.so.1.0'),
    );
  });
});
