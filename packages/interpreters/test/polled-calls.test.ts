// Calls that follow each other, one or a few at a time: native code tries whether to sleep or to poll for their ends
// (`pace.rs`), a few hundred calls are enough that it has tried both. What must not change meanwhile.

import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Interpreter } from '../src/index.js';

const CALLS = 600;

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create();
  await py.exec('import time\ndef double(x): return 2 * x\ndef fail(x): raise ValueError(x)');
});
afterAll(() => py.close());

async function callOneByOne(interpreter = py): Promise<void> {
  for (let i = 0; i < CALLS; i++) expect(await interpreter.call('double', [i])).toBe(2 * i);
}

test('each gets its own result, error or abort', async () => {
  for (let i = 0; i < CALLS; i++) {
    const signal = i % 3 === 1 ? AbortSignal.abort(i) : undefined;
    const ended = py
      .call(i % 3 === 2 ? 'fail' : 'double', [i], { ...(signal && { signal }) })
      .catch((error: unknown) => (error instanceof Error ? error.message : error));
    expect(await ended).toBe([2 * i, i, `ValueError: ${i}`][i % 3]);
  }
});

test('timers, immediates and I/O have their turns between them', async () => {
  const seen = { timers: 0, immediates: 0, events: 0 };
  const timer = setInterval(() => seen.timers++, 1);
  let immediate = setImmediate(function again() {
    seen.immediates++;
    immediate = setImmediate(again);
  });
  const child = spawn(process.execPath, ['-e', 'setInterval(() => process.stdout.write("x"), 1)'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', () => seen.events++);
  try {
    while (seen.timers < 20 || seen.immediates < 20 || seen.events < 20) await callOneByOne();
  } finally {
    clearInterval(timer);
    clearImmediate(immediate);
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill();
    await closed;
  }
});

test.each([2, 8, 31, 40])(
  '%i at a time, of which some fail, take long or are aborted',
  async (most) => {
    await using other = await Interpreter.create();
    await other.exec('import time\ndef double(x): return 2 * x');
    let next = 0;
    const ended = new Map<number, unknown>();
    const chain = async () => {
      for (let i = next++; i < 2 * CALLS; i = next++) {
        const kind =
          i % 97 === 0 ? 'long' : (['double', 'double', 'fail', 'abort'] as const)[i % 4];
        const target = i % 5 === 0 ? other : py;
        const call =
          kind === 'long'
            ? target.call('time.sleep', [0.003])
            : kind === 'fail'
              ? py.call('fail', [i])
              : target.call(
                  'double',
                  [i],
                  kind === 'abort' ? { signal: AbortSignal.abort(i) } : {},
                );
        ended.set(
          i,
          await call.catch((error: unknown) => (error instanceof Error ? error.message : error)),
        );
      }
    };
    await Promise.all(Array.from({ length: most }, chain));
    expect(ended.size).toBe(2 * CALLS);
    for (const [i, what] of ended) {
      expect(what).toBe(i % 97 === 0 ? null : [2 * i, 2 * i, `ValueError: ${i}`, i][i % 4]);
    }
  },
);

test('some take long, others do not', async () => {
  for (let i = 0; i < 3; i++) {
    await callOneByOne();
    for (let k = 0; k < 30; k++) expect(await py.call('time.sleep', [0.001])).toBeNull();
  }
});

test('a loop in another interpreter is no hindrance', async () => {
  await using other = await Interpreter.create();
  const stop = new AbortController();
  const loop = other.exec('import time\nwhile True: time.sleep(0.01)', { signal: stop.signal });
  await callOneByOne();
  stop.abort('enough');
  await expect(loop).rejects.toBe('enough');
});

test('another call may begin while one is polled for', async () => {
  await using other = await Interpreter.create();
  await other.exec('def double(x): return 2 * x');
  await callOneByOne();
  for (let i = 0; i < CALLS; i++) {
    const both = [py.call('double', [i]), other.call('double', [i + 1])];
    expect(await Promise.all(both)).toEqual([2 * i, 2 * i + 2]);
  }
  await callOneByOne(other);
});

test('many interpreters are asked in turn, and closed in between', async () => {
  for (let round = 0; round < 3; round++) {
    const all = await Promise.all([Interpreter.create(), Interpreter.create()]);
    for (let i = 0; i < CALLS; i++) {
      expect(await all[i % 2]?.call('abs', [-i])).toBe(i);
    }
    await Promise.all(all.map((each) => each.close()));
  }
});

test('what Python does meanwhile is not of the asynchronous context of whoever calls', async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen = new Set<string | undefined>();
  let calls = 0;
  const report = () => {
    seen.add(storage.getStore());
    calls += 1;
  };
  await using other = await Interpreter.create();
  const stop = new AbortController();
  const reports = other.exec('while True: report()', { bind: { report }, signal: stop.signal });
  while (calls < 200) await storage.run('somebody else', () => callOneByOne());
  stop.abort('enough');
  await expect(reports).rejects.toBe('enough');
  expect([...seen]).toEqual([undefined]);
});

test('functions that Python calls again and again answer each call', async () => {
  const add = (a: number, b: number) => a + b;
  const later = (a: number) => Promise.resolve(a);
  const sum = await py.evaluate(
    '[add(i, 1) for i in range(1000)] + [later(i) for i in range(300)]',
    { bind: { add, later } },
  );
  expect(sum).toEqual([
    ...Array.from({ length: 1000 }, (_, i) => i + 1),
    ...Array.from({ length: 300 }, (_, i) => i),
  ]);
});

describe('in a process of its own', () => {
  // What `npm run build` made: a child process knows nothing of vitest.
  const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url));

  async function run(program: string): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const code = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await code, output: out + err };
  }

  test.each([
    ['of @sinonjs/fake-timers', 'Object.assign(() => {}, { clock: {} })'],
    ['of a mock', 'Object.assign(() => {}, { _isMockFunction: true })'],
  ])('timers that were fake when the package was loaded, %s', async (_, fake) => {
    const { code, output } = await run(`
      const { setTimeout } = globalThis;
      globalThis.setImmediate = ${fake};
      globalThis.setTimeout = ${fake};
      const { Interpreter } = await import(${JSON.stringify(entry)});
      const py = await Interpreter.create();
      let sum = 0;
      for (let i = 0; i < 1000; i++) sum += await py.call('abs', [-1]);
      await py.close();
      console.log(sum);
    `);
    expect({ code, output }).toEqual({ code: 0, output: '1000\n' });
  });

  test('it ends in the middle of a call, of itself and by exit', async () => {
    const calls = (last: string) => `
      import { Interpreter } from ${JSON.stringify(entry)};
      const py = await Interpreter.create();
      for (let i = 0; i < 1000; i++) await py.call('abs', [-1]);
      ${last}
    `;
    expect(await run(calls("await py.close(); console.log('end')"))).toEqual({
      code: 0,
      output: 'end\n',
    });
    expect(await run(calls("console.log('end')"))).toEqual({ code: 0, output: 'end\n' });
    expect(await run(calls("py.call('abs', [-1]); process.exit(7)"))).toEqual({
      code: 7,
      output: '',
    });
  });
});
