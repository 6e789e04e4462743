// What an interpreter that ends leaves to CPython is freed: objects that nothing but modules refers to. One of them
// watches: it is called when it is freed, and makes a folder.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'freed-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether an attribute of this class is freed when an interpreter ends that ran the source. */
async function isFreed(owner: string, source: string, path: string): Promise<boolean> {
  const py = await Interpreter.create();
  await py.exec(source);
  await py.exec(
    `
import asyncio, os
class Watch:
  def __del__(self, make=os.mkdir, path=path): make(path)
${owner}.watch = Watch()
del Watch`.replace('path=path', `path=${JSON.stringify(path)}`),
  );
  expect(existsSync(path)).toBe(false);
  expect((await py.close()).abandoned).toBeNull();
  return existsSync(path);
}

const run = (body: string): string =>
  `import asyncio\nasync def f():\n  loop = asyncio.get_running_loop()\n  ${body}\nasyncio.run(f())\n`;

describe('with asyncio', () => {
  test.each([
    ['imported', 'import asyncio'],
    ['that awaited nothing', run('pass')],
    ['that awaited a future', run('await asyncio.sleep(0.001)')],
    [
      'that awaited 400 at once, more than CPython keeps iterators of',
      run('await asyncio.gather(*(asyncio.create_task(asyncio.sleep(0.001)) for _ in range(400)))'),
    ],
    [
      'whose tasks still wait',
      'import asyncio\nl = asyncio.new_event_loop()\nt = [l.create_task(asyncio.sleep(3600)) for _ in range(3)]\nl.call_soon(l.call_soon, l.stop)\nl.run_forever()\nl.close()',
    ],
    [
      'whose future was awaited and replaced',
      `${run('await asyncio.sleep(0.001)')}import asyncio.futures\nasyncio.futures.Future = asyncio.Future = None`,
    ],
  ])('%s', async (name, source) => {
    // Exceptions of asyncio are among what its C half refers to.
    expect(await isFreed('asyncio.CancelledError', source, join(folder, name))).toBe(true);
  });

  test('of a job that became a coroutine', async () => {
    const path = join(folder, 'coroutine');
    const py = await Interpreter.create();
    await py.exec(`
import asyncio, os
class Watch:
  def __del__(self, make=os.mkdir, path=${JSON.stringify(path)}): make(path)
asyncio.CancelledError.watch = Watch()
async def f():
  await asyncio.sleep(0.001)`);
    await py.call('__main__:f');
    await py.close();
    expect(existsSync(path)).toBe(true);
  });
});
