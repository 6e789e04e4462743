import { setTimeout as sleep } from 'node:timers/promises';
import { channel, channels, type Sender } from '@multicore-python/channels';
import {
  after,
  alt,
  closeIdleInterpreters,
  farm,
  javascript,
  ParallelError,
  par,
  pipeline,
  python,
  replicate,
  send,
  seq,
  skip,
  when,
} from '@multicore-python/csp';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, describe, expect, test } from 'vitest';
import { collect, numbers } from './processes.js';

afterAll(closeIdleInterpreters);

describe('networks in JavaScript', () => {
  test('end by themselves once their source has', async () => {
    const a = channel<number>();
    const [, all] = await par(numbers(5, a.sender), collect(a.receiver));
    expect(all).toEqual([0, 1, 2, 3, 4]);
  });

  test('an end handed to several is left by the last', async () => {
    const a = channel<number>();
    const [, , all] = await par(
      numbers(3, a.sender),
      seq(
        javascript(() => sleep(5)),
        numbers(3, a.sender),
      ),
      collect(a.receiver),
    );
    expect(all.toSorted()).toEqual([0, 0, 1, 1, 2, 2]);
  });

  test('a part of a nested network leaves when it ends, not when the whole does', async () => {
    const a = channel<number>();
    const [[, all]] = await par(par(numbers(3, a.sender), collect(a.receiver)));
    expect(all).toEqual([0, 1, 2]);
  });

  test('a failure poisons the channels of the others', async () => {
    const [a, b] = [channel<number>(), channel<number>()];
    const broken = javascript(
      async ({ input }) => {
        await input.receive();
        throw new Error('broken');
      },
      { input: a.receiver },
      { name: 'broken' },
    );
    const error = await par(
      numbers(9, a.sender),
      collect(b.receiver),
      broken,
      javascript(() => sleep(1), { out: b.sender }),
    )
      .run()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ParallelError);
    expect((error as ParallelError).failures.map(({ process }) => process)).toEqual(['broken']);
    expect((error as ParallelError).stopped).toContain('numbers');
  });

  test('a sequence that fails lets go of what never ran', async () => {
    const a = channel<number>();
    const failing = javascript(() => Promise.reject(new Error('first')));
    await expect(par(seq(failing, numbers(1, a.sender)), collect(a.receiver))).rejects.toThrow(
      'first',
    );
    expect(a.sender.isOpen).toBe(false);
  });

  test('a pipeline', async () => {
    const seen: number[] = [];
    await pipeline(
      (out: Sender<number>) => numbers(4, out),
      (input, out: Sender<number>) =>
        javascript(
          async ({ input, out }) => {
            for await (const n of input) await out.send(n * 10);
          },
          { input, out },
        ),
      (input) =>
        javascript(
          async ({ input }) => {
            for await (const n of input) seen.push(n);
          },
          { input },
        ),
    );
    expect(seen).toEqual([0, 10, 20, 30]);
  });
});

describe('alt', () => {
  test('chooses by name', async () => {
    const [a, b] = [channel<number>({ capacity: 1 }), channel<string>({ capacity: 1 })];
    await b.sender.send('b');
    expect(await alt({ a: a.receiver, b: b.receiver })).toEqual({
      name: 'b',
      done: false,
      value: 'b',
    });
    expect(await alt({ a: a.receiver, idle: skip })).toMatchObject({ name: 'idle' });
    expect(await alt({ a: a.receiver, tick: after(1) })).toMatchObject({ name: 'tick' });
    expect(await alt({ out: send(a.sender, 1), tick: after(1000) })).toMatchObject({ name: 'out' });
    expect(await alt({ a: when(false, a.receiver), b: b.receiver, idle: skip })).toMatchObject({
      name: 'idle',
    });
    expect(await alt({ a: when(true, a.receiver) })).toMatchObject({ name: 'a', value: 1 });
  });
});

describe('processes in Python', () => {
  test('a function over channels', async () => {
    const a = channel<number>({ capacity: 4 });
    const [, total] = await par(numbers(5, a.sender), python<number>('builtins:sum', [a.receiver]));
    expect(total).toBe(10);
  });

  test('inline source', async () => {
    const [a, b] = [channel<number>(), channel<number>()];
    const [, , all] = await par(
      numbers(4, a.sender),
      python`for n in ${a.receiver}: ${b.sender}.send(n * n)`,
      collect(b.receiver),
    );
    expect(all).toEqual([0, 1, 4, 9]);
  });

  test('a farm', async () => {
    const [jobs, results] = [channel<number>(), channel<number>()];
    const [, , all] = await par(
      numbers(100, jobs.sender),
      farm({
        workers: 3,
        input: jobs.receiver,
        output: results.sender,
        worker: (input, output) => python`for n in ${input}: ${output}.send(n * n)`,
      }),
      collect(results.receiver),
    );
    expect(all.toSorted((x, y) => x - y)).toEqual([...Array(100).keys()].map((n) => n * n));
  });

  test('each runs in an interpreter of its own, in serial mode', async () => {
    const source = '__import__("_interpreters").get_current()[0]';
    const ids = await replicate(2, () => python<number>('builtins:eval', [source, {}])).run();
    expect(new Set(ids).size).toBe(2);
  });

  test('an exception stops the network and names the process', async () => {
    const a = channel<number>();
    const error = await par(numbers(9, a.sender), python('math:sqrt', [-1], { name: 'root' }))
      .run()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'ERR_PROCESS_FAILED',
      failures: [{ process: 'root', error: { pythonType: 'ValueError' } }],
      stopped: ['numbers'],
    });
  });

  test('Python that waits on a channel is stopped by poison, one that does not listen by an interrupt', async () => {
    const a = channel<number>();
    const error = await par(
      python('builtins:sum', [a.receiver], { name: 'waiting' }),
      python('builtins:exec', ['while True: pass', {}], { name: 'deaf' }),
      javascript(
        async () => {
          await sleep(20);
          throw new Error('first');
        },
        { out: a.sender },
        { name: 'failing' },
      ),
    )
      .run()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failures: [{ process: 'failing' }] });
    expect((error as ParallelError).stopped.toSorted()).toEqual(['deaf', 'waiting']);
  });

  test('an abort stops Python', async () => {
    const running = par(python('time:sleep', [60])).run({ signal: AbortSignal.timeout(20) });
    await expect(running).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('interpreters are used again, with an empty __main__', async () => {
    await closeIdleInterpreters();
    await par(python`left_behind = 1`);
    const before = Interpreter.list().length;
    const [found] = await par(
      python<boolean>('builtins:eval', ["'left_behind' in __import__('__main__').__dict__", {}]),
    );
    expect(found).toBe(false);
    expect(Interpreter.list().length).toBe(before);
  });
});

test('an interpreter that was closed while it was kept warm is not used again', async () => {
  await closeIdleInterpreters();
  await par(python('builtins:len', [[1]]));
  const warm = Interpreter.list().filter(({ name }) => name !== 'main');
  expect(warm).toHaveLength(1);
  for (const py of warm) await py.close();
  expect(await par(python<number>('builtins:len', [[1, 2]]))).toEqual([2]);
});

test('networks that end in every way leave nothing behind', async () => {
  await closeIdleInterpreters();
  const before = channels().length;
  const outcomes = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    const way = round % 4;
    const [a, b] = [channel<number>(), channel<number>({ capacity: round % 3 })];
    const source = javascript(
      async ({ out }) => {
        for (let n = 0; n < 20; n += 1) {
          if (way === 1 && n === 10) throw new Error('in the source');
          await out.send(n);
        }
      },
      { out: a.sender },
      { name: 'source' },
    );
    const worker = python`
      for n in ${a.receiver}:
          if ${way} == 2 and n == 7: raise ValueError('in Python')
          ${b.sender}.send(n * 2)
    `;
    const sink = javascript(
      async ({ input }) => {
        let sum = 0;
        for await (const n of input) {
          sum += n;
          if (way === 3 && sum > 50) input.poison('enough');
        }
        return sum;
      },
      { input: b.receiver },
      { name: 'sink' },
    );
    outcomes.add(
      await par(source, worker, sink)
        .run()
        .then(
          // Poison is an end, not a failure.
          ([, , sum]) => String(sum),
          (error: ParallelError) => String(error.failures[0]?.error),
        ),
    );
  }
  expect([...outcomes]).toEqual([
    '380',
    'Error: in the source',
    'PythonError: ValueError: in Python',
    'undefined',
  ]);
  await closeIdleInterpreters();
  expect(Interpreter.list().map(({ name }) => name)).toEqual(['main']);
  expect(channels().length).toBe(before);
});
