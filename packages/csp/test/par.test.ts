import { setTimeout as sleep } from 'node:timers/promises';
import { javascript, ParallelError, par, seq } from '@multicore-python/csp';
import { describe, expect, test } from 'vitest';

const failing = (message: string, name?: string) =>
  javascript(
    async () => {
      throw new Error(message);
    },
    {},
    { name },
  );

const untilStopped = (name: string, log: string[] = []) =>
  javascript(
    ({ signal }) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => {
          log.push(name);
          reject(signal.reason);
        });
      }),
    {},
    { name },
  );

describe('par', () => {
  test('resolves with every result, in order', async () => {
    await expect(
      par(
        javascript(() => sleep(5, 'slow')),
        javascript(() => 'fast'),
      ),
    ).resolves.toEqual(['slow', 'fast']);
    await expect(par()).resolves.toEqual([]);
  });

  test('nothing runs before it is awaited', async () => {
    let isRun = false;
    const whole = par(
      javascript(() => {
        isRun = true;
      }),
    );
    await sleep(1);
    expect(isRun).toBe(false);
    await whole;
    expect(isRun).toBe(true);
  });

  test('the first failure stops the others, waits for them and names who failed', async () => {
    const log: string[] = [];
    const error = await par(untilStopped('a', log), failing('broken', 'b'), untilStopped('c', log))
      .run()
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(ParallelError);
    expect(error).toMatchObject({
      message: 'Process b: broken',
      code: 'ERR_PROCESS_FAILED',
      failures: [{ process: 'b' }],
      stopped: ['a', 'c'],
    });
    expect(error.cause.message).toBe('broken');
    expect(log).toEqual(['a', 'c']);
  });

  test('a failure while stopping is reported too', async () => {
    const clumsy = javascript(
      async ({ signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new Error('while stopping');
      },
      {},
      { name: 'clumsy' },
    );
    const error = await par(failing('first'), clumsy)
      .run()
      .catch((reason) => reason);
    expect(error.failures.map((each: { error: Error }) => each.error.message)).toEqual([
      'first',
      'while stopping',
    ]);
    expect(error.message).toContain('2 processes failed');
  });

  test('an abort stops everybody and rejects with its reason', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const running = par(untilStopped('a', log), seq(untilStopped('b', log))).run({
      signal: controller.signal,
    });
    await sleep(1);
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(log.sort()).toEqual(['a', 'b']);
  });

  test('an aborted signal starts nothing', async () => {
    let isRun = false;
    const whole = par(
      javascript(() => {
        isRun = true;
      }),
    );
    await expect(whole.run({ signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    expect(isRun).toBe(false);
  });

  test('a nested failure stops the outer network', async () => {
    const log: string[] = [];
    const error = await par(
      untilStopped('outer', log),
      par(untilStopped('inner', log), failing('deep', 'd')),
    )
      .run()
      .catch((reason) => reason);
    expect(log.sort()).toEqual(['inner', 'outer']);
    expect(error.failures[0].error).toBeInstanceOf(ParallelError);
    expect(error.message).toContain('Process d: deep');
  });
});

describe('seq', () => {
  test('runs one after the other and stops at the first failure', async () => {
    const log: string[] = [];
    const note = (name: string) => javascript(() => void log.push(name));
    await expect(seq(note('a'), failing('b'), note('c'))).rejects.toThrow('b');
    expect(log).toEqual(['a']);
    await expect(
      seq(
        javascript(() => 1),
        javascript(() => 'x'),
      ),
    ).resolves.toEqual([1, 'x']);
  });
});
