// When a kept answer is used, and above all when it is not.

import {
  appendFileSync,
  chmodSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findPython, surveyPythons } from '../../js/discovery/find.js';
import { type Machine, makeMachine } from './fakes.js';

let machine: Machine;
let python: string;
let runs: number;
const counting = () => ({
  ...machine.host,
  run: (...args: Parameters<Machine['host']['run']>) => {
    runs += 1;
    return machine.host.run(...args);
  },
});
const find = () => findPython({ host: counting(), python });
const cacheFolder = () => join(machine.folder, 'cache/multicore-python/probe');
const cacheFile = () => join(cacheFolder(), readdirSync(cacheFolder())[0] ?? '');

beforeEach(() => {
  machine = makeMachine();
  python = machine.install('opt/python');
  runs = 0;
  find();
  expect(runs).toBe(1);
});
afterEach(() => machine.remove());

it('asks once', () => {
  const again = find();
  expect(runs).toBe(1);
  expect(again).toEqual(findPython({ host: machine.host, python, cache: false }));
});

it('asks again when the executable changed', () => {
  appendFileSync(python, '\n# newer\n');
  find();
  expect(runs).toBe(2);
});

it('asks again, and judges again, when the library is gone', () => {
  rmSync(join(machine.folder, 'opt/python/lib'), { recursive: true });
  expect(find).toThrow(/no shared libpython/);
  expect(runs).toBe(2);
});

it('ignores a file that others may write', () => {
  chmodSync(cacheFile(), 0o666);
  find();
  expect(runs).toBe(2);
});

it('ignores a file that is a link', () => {
  const file = cacheFile();
  const copy = join(machine.folder, 'copy');
  writeFileSync(copy, readFileSync(file), { mode: 0o600 });
  rmSync(file);
  symlinkSync(copy, file);
  find();
  expect(runs).toBe(2);
});

it.each(['', 'x', '{}\n{}'])('ignores a damaged file: %j', (text) => {
  writeFileSync(cacheFile(), text);
  find();
  expect(runs).toBe(2);
});

it('is off with MULTICORE_PROBE_CACHE=0, and for a survey', () => {
  findPython({
    host: { ...counting(), env: { ...machine.host.env, MULTICORE_PROBE_CACHE: '0' } },
    python,
  });
  expect(runs).toBe(2);
  surveyPythons({ host: counting(), python });
  expect(runs).toBe(3);
});

it('works without a folder to write to', () => {
  const host = { ...machine.host, env: { ...machine.host.env, XDG_CACHE_HOME: '/proc/nowhere' } };
  expect(findPython({ host, python }).status).toBe('usable');
});
