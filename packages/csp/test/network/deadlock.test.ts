import { setTimeout as sleep } from 'node:timers/promises';
import { channel, type Receiver, type Sender } from '@multicore-python/channels';
import {
  alt,
  Barrier,
  closeIdleInterpreters,
  DeadlockError,
  javascript,
  par,
  python,
  seq,
} from '@multicore-python/csp';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, describe, expect, test } from 'vitest';
import { crossed, fresh, pair, rejection } from '../processes.js';

afterAll(closeIdleInterpreters);

describe('a deadlock is reported', () => {
  test('between JavaScript processes: who waits where, and for whom', async () => {
    const [x, y] = pair();
    const net = fresh();
    const error = await rejection(
      net.run(par(crossed('A', x.receiver, y.sender), crossed('B', y.receiver, x.sender))),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect(error).toMatchObject({ code: 'ERR_DEADLOCK', network: net.name });
    const { blocked, message } = error as DeadlockError;
    expect(blocked).toMatchObject([
      { process: 'A', operation: 'receive', channels: ['x'], waitsFor: ['B'] },
      { process: 'B', operation: 'receive', channels: ['y'], waitsFor: ['A'] },
    ]);
    expect(message).toContain('A waits to receive from x, whose other ends are with B');
    for (const { where } of blocked) expect(where).toMatch(/processes\.ts:\d+:\d+/);
  });

  test('between Python processes, with the line', async () => {
    const [x, y] = pair();
    const code = 'def f(a, b):\n  n = a.recv()\n  b.send(n)\n';
    const error = await rejection(
      fresh().run(
        par(
          python`
            exec(compile(${code}, "crossed.py", "exec"))
            f(${x.receiver}, ${y.sender})
          `,
          python`
            exec(compile(${code}, "crossed.py", "exec"))
            f(${y.receiver}, ${x.sender})
          `,
        ),
      ),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    const { blocked } = error as DeadlockError;
    expect(blocked.map(({ language, operation }) => [language, operation])).toEqual([
      ['python', 'receive'],
      ['python', 'receive'],
    ]);
    expect(blocked[0]?.where).toBe('crossed.py:2:f');
    expect(blocked.map(({ channels }) => channels[0])).toEqual(['x', 'y']);
  });

  test('across both languages', async () => {
    const [x, y] = pair();
    const error = await rejection(
      fresh().run(
        par(
          crossed('js', x.receiver, y.sender),
          python('builtins:sum', [y.receiver], { name: 'py' }),
          javascript(async ({ input }) => (await alt({ input })).name, {
            input: y.receiver,
            keep: x.sender,
          }),
        ),
      ),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect((error as DeadlockError).blocked).toHaveLength(3);
    expect(
      (error as DeadlockError).blocked.find(({ process }) => process === 'py')?.waitsFor,
    ).toEqual(['js']);
  });

  test('at a barrier, in a sequence, and while awaiting several operations at once', async () => {
    const barrier = new Barrier(3, { name: 'meet' });
    const a = channel<number>({ name: 'a' });
    const error = await rejection(
      fresh().run(
        par(
          javascript(({ barrier }) => barrier.sync(), { barrier }, { name: 'one' }),
          seq(
            javascript(({ barrier }) => barrier.sync(), { barrier }, { name: 'two' }),
            javascript(({ out }) => out.send(1), { out: a.sender }),
          ),
          javascript(
            async ({ input, own }) => {
              await Promise.all([input.receive(), own.sender.send(1)]);
            },
            { input: a.receiver, own: { ...channel<number>() } },
            { name: 'three' },
          ),
        ),
      ),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect((error as DeadlockError).blocked).toMatchObject([
      { process: 'one', operation: 'sync', channels: ['meet'], waitsFor: ['two'] },
      { process: 'two', operation: 'sync' },
      { process: 'three' },
    ]);
  });

  test('with the place, also right after much was done', async () => {
    const [x, y] = pair();
    const busy = (input: Receiver<number>, out: Sender<number>, isFirst: boolean) =>
      javascript(
        async ({ input, out }) => {
          for (let n = 0; n < 500; n += 1) {
            if (isFirst) await out.send(n);
            await input.receive();
            if (!isFirst) await out.send(n);
          }
          const stuck = async (): Promise<number> => await input.receive();
          await stuck();
        },
        { input, out },
        { name: isFirst ? 'first' : 'second' },
      );
    const error = await rejection(
      fresh().run(par(busy(x.receiver, y.sender, true), busy(y.receiver, x.sender, false))),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    for (const { where } of (error as DeadlockError).blocked) expect(where).toContain('stuck');
    expect((error as DeadlockError).message).toContain('at stuck');
  });

  test('of a process with itself', async () => {
    const a = channel<number>({ name: 'a' });
    const error = await rejection(
      fresh().run(
        javascript(
          ({ out }) => out.send(1),
          { out: a.sender, input: a.receiver },
          { name: 'self' },
        ),
      ),
    );
    expect(error).toMatchObject({ code: 'ERR_DEADLOCK' });
  });
});

describe('no false alarm', () => {
  const PATIENCE = 900;
  /** Resolves with what the network did while nothing could be wrong. */
  const quiet = async (running: Promise<unknown>) =>
    await Promise.race([rejection(running), sleep(PATIENCE, 'quiet')]);

  test('while somebody outside holds an end', async () => {
    const a = channel<number>();
    const running = fresh().run(javascript(({ input }) => input.receive(), { input: a.receiver }));
    expect(await quiet(running)).toBe('quiet');
    await a.sender.send(3);
    expect(await running).toBe(3);
  });

  test('while an end is kept by a clone, or by an interpreter that is not of the network', async () => {
    const [a, b] = [channel<number>(), channel<number>()];
    await using py = await Interpreter.create();
    await py.prepareMain({ out: b.sender });
    b.sender.leave();
    const running = fresh().run(
      par(
        crossed('x', a.receiver, a.sender.clone()),
        javascript(({ input }) => input.receive(), { input: b.receiver }),
      ),
    );
    expect(await quiet(running)).toBe('quiet');
    // Who has no channel in common with them does not hear of it.
    a.poison();
    b.receiver.poison();
    expect(await running).toEqual([undefined, undefined]);
  });

  test('while a timer of a process runs', async () => {
    const [x, y] = [channel<number>(), channel<number>()];
    const running = fresh().run(
      par(
        javascript(
          async ({ input, out }) => {
            setTimeout(() => void out.send(1), PATIENCE * 1.3);
            return await input.receive();
          },
          { input: x.receiver, out: y.sender },
        ),
        crossed('echo', y.receiver, x.sender),
      ),
    );
    expect(await quiet(running)).toBe('quiet');
    expect(await running).toEqual([1, 1]);
  });

  test('while a process does something else as well', async () => {
    const [x, y] = [channel<number>(), channel<number>()];
    let ring: (words: string) => void = () => {};
    const bell = new Promise<string>((resolve) => {
      ring = resolve;
    });
    const running = fresh().run(
      par(
        javascript(
          async ({ input, out }) => {
            const first = await Promise.race([input.receive(), bell]);
            if (first === 'rung') await out.send(2);
          },
          { input: x.receiver, out: y.sender },
        ),
        crossed('echo', y.receiver, x.sender),
      ),
    );
    expect(await quiet(running)).toBe('quiet');
    ring('rung');
    await running;
  });

  test('while a wait has a deadline, in either language', async () => {
    const [x, y] = [channel<number>(), channel<number>()];
    const running = fresh().run(
      par(
        javascript(
          async ({ input, out }) => {
            await input.receive({ timeout: PATIENCE * 1.3 }).catch(() => 0);
            await out.send(1);
          },
          { input: x.receiver, out: y.sender },
        ),
        python`
          try:
              ${y.receiver}.recv(timeout=0.2)
          except TimeoutError:
              pass
          ${x.sender}.send(${y.receiver}.recv())
        `,
        javascript(async ({ input }) => void (await input.receive()), { input: x.receiver }),
      ),
    );
    expect(await quiet(running)).toBe('quiet');
    await running;
  });

  test('while Python calls JavaScript', async () => {
    const a = channel<number>();
    const slow = () => sleep(PATIENCE * 1.3, 5);
    const [got] = await fresh().run(
      par(
        javascript(({ input }) => input.receive(), { input: a.receiver }),
        python`${a.sender}.send(${slow}())`,
      ),
    );
    expect(got).toBe(5);
  });

  test('while one process still works', async () => {
    const a = channel<number>();
    const [total] = await fresh().run(
      par(
        python<number>('builtins:sum', [a.receiver]),
        javascript(
          async ({ out }) => {
            await sleep(PATIENCE);
            await out.send(4);
          },
          { out: a.sender },
        ),
      ),
    );
    expect(total).toBe(4);
  });
});
