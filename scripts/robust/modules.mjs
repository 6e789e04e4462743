// Many small modules in a folder of their own, that import each other: for stopping imports in the middle.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COUNT = 200;

/** Writes the modules. `importing(from)` is a program that imports some anew and checks that they are whole. */
export function makeModules() {
  const folder = mkdtempSync(join(tmpdir(), 'multicore-modules-'));
  for (let at = 0; at < COUNT; at += 1) {
    const next = at + 1 < COUNT && at % 10 !== 9 ? `import torture_${at + 1}\n` : '';
    const lines = Array.from(
      { length: 20 },
      (_, line) => `def f${line}(x):\n    return x + ${line}\n`,
    );
    writeFileSync(join(folder, `torture_${at}.py`), `${next}${lines.join('')}whole = ${at}\n`);
  }
  return {
    count: COUNT,
    importing: (from, most = 40) => `
import sys, importlib
if ${JSON.stringify(folder)} not in sys.path: sys.path.append(${JSON.stringify(folder)})
for at in range(${from}, min(${from} + ${most}, ${COUNT})):
    name = f'torture_{at}'
    assert importlib.import_module(name).whole == at
    for known in [known for known in sys.modules if known.startswith('torture_')][5:]: sys.modules.pop(known, None)
`,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
