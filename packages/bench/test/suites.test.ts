import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REFERENCE } from '../src/method/model.js';
import { CONTENDERS, contenderOf } from '../src/peers/contenders.js';
import { peerManifest } from '../src/peers/install.js';
import { SUITES } from '../src/suites/index.js';

const ROOT = join(import.meta.dirname, '..');
const cases = SUITES.flatMap((suite) => suite.cases.map((each) => ({ suite, each })));

describe('suites', () => {
  it('have a name of its own for every case, and us first in each', () => {
    const paths = cases.map(({ suite, each }) => `${suite.id}/${each.id}`);
    expect(new Set(paths).size).toBe(paths.length);
    for (const { each } of cases) expect(each.entries[0]?.contender).toBe(REFERENCE);
  });

  it('take cores in turn only in processes that stay, and often enough to be fair', () => {
    const inTurn = cases.filter(({ each }) => each.cores === 'in-turn');
    expect(inTurn.map(({ suite }) => suite.id)).toContain('single');
    for (const { each } of inTurn) {
      expect(['time', 'rate', 'work']).toContain(each.measure);
      // Each side first as often as the others on each of two and of four cores.
      expect((each.rounds ?? 0) % 8).toBe(0);
    }
  });

  it('name programs that exist and contenders that are known', () => {
    for (const { each } of cases) {
      for (const { contender, program } of each.entries) {
        expect(contenderOf(contender).id).toBe(contender);
        const source =
          program.kind === 'node'
            ? join(ROOT, 'src', 'programs', `${program.module}.ts`)
            : program.kind === 'python'
              ? join(ROOT, 'python', program.script)
              : join(ROOT, 'native', program.name);
        expect(existsSync(source), source).toBe(true);
      }
    }
  });
});

it('pins every peer that comes from npm, and only those', () => {
  const fromNpm = CONTENDERS.filter(({ needs }) => needs.kind === 'npm').map(({ id }) => id);
  const pinned = peerManifest();
  expect(Object.keys(pinned).sort()).toEqual([...fromNpm].sort());
  for (const { dependencies } of Object.values(pinned))
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
