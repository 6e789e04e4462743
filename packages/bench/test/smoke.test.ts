import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonInfo } from '@multicore-python/interpreters';
import { expect, it } from 'vitest';
import type { RunResult } from '../src/runner/run.js';

const COMMAND = join(import.meta.dirname, '..', 'bin', 'multicore-python-bench.js');

it('measures a case against CPython and Node, checks the answers and writes all results', () => {
  const out = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      // Peers that need neither network nor compiler.
      [COMMAND, '--quick', '--json', '--filter', 'single/json', '--peers', 'python', '--out', out],
      { encoding: 'utf8', timeout: 110_000 },
    );
    expect(status, stderr).toBe(0);
    const result = JSON.parse(stdout) as RunResult;
    const found = result.suites[0]?.cases[0];
    expect(found?.skipped).toEqual([]);
    expect(found?.entries.map(({ contender }) => contender)).toEqual(['multicore', 'python']);
    for (const { summary } of found?.entries ?? []) expect(summary.median).toBeGreaterThan(0);
    expect(found?.entries[1]?.ratio?.count).toBeGreaterThan(0);
    expect(readdirSync(out).sort()).toEqual([
      'overview.svg',
      'report.md',
      'results.json',
      'single.svg',
    ]);
    expect(result.machine.pythonEnvironment).toBe('a virtual environment without packages');
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain('a virtual environment without');
    expect(readFileSync(join(out, 'single.svg'), 'utf8')).toContain('</svg>');
  } finally {
    rmSync(out, { recursive: true });
  }
}, 120_000);

it('runs without taskset and with the Python that was named, and says so', () => {
  const out = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const { executable } = pythonInfo();
    const path = join(out, 'nothing is here');
    mkdirSync(path);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        ...[COMMAND, '--quick', '--json', '--filter', 'single/json', '--peers', 'none'],
        ...['--python', executable, '--out', '-'],
      ],
      { encoding: 'utf8', timeout: 110_000, env: { ...process.env, PATH: path } },
    );
    expect(status, stderr).toBe(0);
    const { machine, suites } = JSON.parse(stdout) as RunResult;
    expect(machine.pythonEnvironment).toBe('as given');
    const [found] = suites[0]?.cases ?? [];
    expect(found?.cores).toEqual({ notInTurn: expect.stringMatching(/./) });
    expect(found?.entries[0]?.samples.length).toBeGreaterThan(0);
  } finally {
    rmSync(out, { recursive: true });
  }
}, 120_000);

it('prints what there is, and refuses what it does not know', () => {
  const list = spawnSync(process.execPath, [COMMAND, '--list'], { encoding: 'utf8' });
  expect(list.stdout).toContain('calls/sync-small');
  expect(list.stdout).toMatch(/single\/regex .*cores in turn/);
  const wrong = spawnSync(process.execPath, [COMMAND, '--nonsense'], { encoding: 'utf8' });
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain('--help');
}, 30_000);
