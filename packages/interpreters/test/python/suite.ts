// Each unittest of crates/core/python/tests as a test here, run inside interpreters of ours.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, describe, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../../crates/core/python/tests');

const LIST = `
import unittest as _unittest, __main__ as _main
def _flat(suite):
    for item in suite:
        if isinstance(item, _unittest.TestSuite):
            yield from _flat(item)
        else:
            yield item
_cases = {case.id().removeprefix("__main__."): case
          for case in _flat(_unittest.defaultTestLoader.loadTestsFromModule(_main))}
def _run(name):
    result = _unittest.TestResult()
    _cases[name].run(result)
    problems = [text for _, text in result.errors + result.failures]
    return "\\n".join(problems) or None
`;

/** Declares the tests; to be awaited where a test file declares its own. */
export async function runInside(): Promise<void> {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('_tests.py'))) {
    const py = await Interpreter.create({ path: [folder] });
    await py.exec(readFileSync(join(folder, file), 'utf8'), { filename: join(folder, file) });
    await py.exec(LIST);
    const names = await py.evaluate<readonly string[]>('tuple(_cases)');
    describe(file, () => {
      afterAll(() => py.close({ timeout: 5_000 }));
      for (const name of names)
        test(name, async () => {
          const problems = await py.call<string | null>('_run', [name]);
          if (problems !== null) throw new Error(problems);
        });
    });
  }
}
