// Runs the tests of the Python side on the newest other CPython that this machine has: what the first one found does
// not show. A process has one CPython, and each test file a process. To name one: MULTICORE_TEST_PYTHON=/path/to/python3.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { surveyPythons } from '@multicore-python/core';
import { configure } from '@multicore-python/interpreters';
import { describe, test } from 'vitest';
import { runPrograms } from './programs.js';
import { runInside } from './suite.js';

const other = otherPython();
if (other === undefined) {
  describe('a newer CPython', () => {
    test.skip(
      'none here besides the one that is found first: install one or name it in MULTICORE_TEST_PYTHON',
    );
  });
} else {
  configure({ python: other });
  await runInside();
  runPrograms();
}

function otherPython(): string | undefined {
  const named = process.env['MULTICORE_TEST_PYTHON'];
  if (named !== undefined) {
    adoptHome(named);
    return named;
  }
  const { chosen, outcomes } = surveyPythons();
  const usable = outcomes.filter(({ status }) => status === 'usable');
  const minor = (version: string): number => Number(version.split('.')[1]);
  const newer = usable.filter(
    (found) =>
      'version' in found && chosen !== null && minor(found.version) > minor(chosen.version),
  );
  return newer.at(-1)?.executable;
}

/** A CPython that was moved does not find its library by itself. */
function adoptHome(python: string): void {
  const asked = spawnSync(python, ['-c', 'import encodings']);
  const home = dirname(dirname(python));
  if (asked.status !== 0 && existsSync(join(home, 'lib'))) process.env['PYTHONHOME'] = home;
}
