// The command line of the doctor: arguments, output, exit status. What it finds is handed in.

import { expect, it, vi } from 'vitest';
import type { Diagnosis } from '../../src/doctor/examine.js';

vi.mock('../../src/doctor/examine.js', () => ({
  examine: () => Promise.reject(new Error('not in this test')),
}));
const { main } = await import('../../src/doctor/main.js');

const healthy = {
  ok: true,
  node: { version: 'v20.0.0', platform: 'linux-x64-gnu' },
  survey: {
    chosen: {
      status: 'usable',
      executable: '/p/python3',
      version: '3.13.5',
      found: 'python3 on PATH',
      libpython: '/p/lib',
      stdlib: '/p/std',
      venv: '/v',
    },
    outcomes: [
      {
        status: 'rejected',
        executable: '/q/python3',
        found: 'uv’s python folder',
        code: 'ERR_PYTHON_STATIC',
        reason: 'has no shared libpython',
        fix: 'Do that.',
        tried: ['/q/a.so'],
      },
    ],
    refused: null,
  },
  addon: { status: 'ok', value: { path: '/a.node', origin: 'local build' } },
  isolation: {
    status: 'ok',
    value: {
      isolated: true,
      rounds: 100,
      detail: 'two interpreters ran bytecode at the same time',
    },
  },
} as unknown as Diagnosis;

async function run(args: readonly string[], diagnosis: Diagnosis = healthy, colours = false) {
  const said = { out: '', err: '' };
  const asked: (string | undefined)[] = [];
  const output = {
    out: (text: string) => (said.out += text),
    err: (text: string) => (said.err += text),
    colours,
  };
  const status = await main(args, output, (python) => {
    asked.push(python);
    return Promise.resolve(diagnosis);
  });
  return { status, asked, ...said };
}

it('prints every candidate with its reason and fix, and exits with 0', async () => {
  const { status, out } = await run(['doctor']);
  expect(status).toBe(0);
  for (const text of [
    'CPython 3.13.5: /p/python3',
    'python3 on PATH',
    'venv: /v',
    'has no shared libpython',
    'Do that.',
    '/q/a.so',
    '100 turns',
  ]) {
    expect(out).toContain(text);
  }
});

it('exits with 1 when there is a problem, and shows all of it', async () => {
  const addon = { status: 'failed', code: 'ERR_ADDON_LOAD', message: 'one\ntwo' } as const;
  const { status, out } = await run(['doctor'], {
    ...healthy,
    ok: false,
    addon,
    isolation: { status: 'skipped', message: 'no addon' },
  });
  expect(status).toBe(1);
  expect(out).toContain('one\n    two ERR_ADDON_LOAD');
  expect(out).toContain('not checked, no addon');
});

it('paints on a terminal only', async () => {
  expect((await run(['doctor'])).out).not.toContain('\u001b');
  expect((await run(['doctor'], healthy, true)).out).toContain('\u001b[32m');
});

it('prints JSON and nothing else with --json', async () => {
  expect(JSON.parse((await run(['doctor', '--json'], healthy, true)).out)).toEqual(
    JSON.parse(JSON.stringify(healthy)),
  );
});

it('hands --python on', async () => {
  expect((await run(['doctor', '--python', './x'])).asked).toEqual(['./x']);
});

it('prints help on request', async () => {
  const { status, out } = await run(['--help']);
  expect(status).toBe(0);
  expect(out).toMatch(/^Usage: multicore-python doctor/);
});

it.each([
  [[]],
  [['frob']],
  [['doctor', 'x']],
  [['doctor', '--frob']],
  [['doctor', '--python', '']],
])('exits with 2 for %j', async (args) => {
  const { status, out, err, asked } = await run(args);
  expect({ status, out, asked }).toEqual({ status: 2, out: '', asked: [] });
  expect(err).toContain('Usage:');
});
