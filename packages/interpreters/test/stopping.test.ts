import { setTimeout as sleep } from 'node:timers/promises';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create();
});
afterAll(async () => {
  await py.close({ timeout: 1000 });
});

const ENDLESS = 'while True: pass';
const usable = async (): Promise<void> => expect(await py.evaluate<number>('1 + 1')).toBe(2);

describe('stopping leaves the interpreter usable', () => {
  test('by a timeout', async () => {
    await expect(py.exec(ENDLESS, { timeout: 20 })).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
      timeout: 20,
    });
    await usable();
  });

  test('by a signal: the reason is thrown', async () => {
    const controller = new AbortController();
    const running = py.exec(ENDLESS, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 20);
    await expect(running).rejects.toThrow('enough');
    await usable();
  });

  test('by AbortSignal.timeout', async () => {
    await expect(
      py.call('time:sleep', [60], { signal: AbortSignal.timeout(20) }),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
    await usable();
  });

  test('by interrupt()', async () => {
    const running = py.exec(ENDLESS);
    await sleep(20);
    expect(py.state).toBe('running');
    py.interrupt();
    await expect(running).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
    await usable();
  });

  test('while it waits in the queue', async () => {
    const controller = new AbortController();
    const running = py.exec('import time; time.sleep(0.1)');
    const waiting = py.exec('ran = True', { signal: controller.signal });
    controller.abort(new Error('not needed'));
    await expect(waiting).rejects.toThrow('not needed');
    await running;
    expect(await py.evaluate<boolean>("'ran' in globals()")).toBe(false);
  });

  test('synchronously, by a timeout', async () => {
    expect(() => py.execSync(ENDLESS, { timeout: 20 })).toThrow(
      expect.objectContaining({ code: 'ERR_TIMEOUT' }),
    );
    await usable();
  });
});

test('an aborted signal runs nothing', async () => {
  await expect(
    py.exec('touched = True', { signal: AbortSignal.abort(new Error('no')) }),
  ).rejects.toThrow('no');
  expect(await py.evaluate<boolean>("'touched' in globals()")).toBe(false);
});

test('a synchronous call on a busy interpreter is an error, not a wait', async () => {
  const running = py.exec('import time; time.sleep(0.2)');
  expect(() => py.evaluateSync('1')).toThrow(
    expect.objectContaining({ code: 'ERR_INTERPRETER_BUSY' }),
  );
  await running;
});

test('a signal that aborts while the arguments are read stops the call', async () => {
  const py = await Interpreter.create();
  const controller = new AbortController();
  const seconds = {
    get value() {
      controller.abort(new Error('changed my mind'));
      return 60;
    },
  };
  const source = '__import__("time").sleep(seconds["value"])';
  const call = py.evaluate(source, { bind: { seconds }, signal: controller.signal });
  await expect(call).rejects.toThrow('changed my mind');
  await py.close();
});
