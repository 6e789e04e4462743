// Deadlocks through networks in networks, of both languages. Each report comes from whoever first has
// everybody in view; nobody is suspected who may go on.

import { setTimeout as sleep } from 'node:timers/promises';
import { channel, type Receiver, type Sender } from '@multicore-python/channels';
import {
  closeIdleInterpreters,
  DeadlockError,
  javascript,
  networks,
  ParallelError,
  par,
  python,
} from '@multicore-python/csp';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { crossed, fresh, pair, rejection } from '../processes.js';

afterAll(closeIdleInterpreters);
afterEach(() => expect(networks()).toEqual([]));

const PATIENCE = 900;
const quiet = async (running: Promise<unknown>) =>
  await Promise.race([rejection(running), sleep(PATIENCE, 'quiet')]);

/** `crossed` in Python, in an interpreter that the interpreter of the process runs. */
const inner = (how: string, name: string, input: Receiver<number>, out: Sender<number>) =>
  python`
    from multicore import csp
    def answer(ears, mouth):
        heard = ears.recv()
        mouth.send(heard)
    def again(ears, mouth):
        csp.par(csp.python(answer, (ears, mouth), name=${`${name} below`})).run()
    whole = csp.par(csp.python(again if ${how} == "twice" else answer, (${input}, ${out}), name=${name}))
    csp.network(${`python ${name}`}).run(whole) if ${how} == "network" else whole.run()
  `;

const told = (error: unknown) => {
  expect(error).toBeInstanceOf(DeadlockError);
  return (error as DeadlockError).blocked.map(({ process, language, operation, channels }) => [
    process,
    language,
    operation,
    ...channels,
  ]);
};

describe('Python inside of a TypeScript network', () => {
  for (const how of ['par', 'network'])
    test(`a cycle through a ${how}`, async () => {
      const [x, y] = pair();
      const error = await rejection(
        fresh().run(
          par(crossed('js', x.receiver, y.sender), inner(how, 'py', y.receiver, x.sender)),
        ),
      );
      expect(told(error)).toEqual([
        ['js', 'javascript', 'receive', 'x'],
        ['py', 'python', 'receive', 'y'],
      ]);
      const [js, py] = (error as DeadlockError).blocked;
      expect(js?.waitsFor).toEqual(['py']);
      expect(py?.waitsFor).toEqual(['js']);
      expect(js?.where).toMatch(/processes\.ts:\d+:\d+/);
      expect(py?.where).toMatch(/:3:answer$/);
    });

  test('two levels', async () => {
    const [x, y] = pair();
    const error = await rejection(
      fresh().run(
        par(crossed('js', x.receiver, y.sender), inner('twice', 'py', y.receiver, x.sender)),
      ),
    );
    expect(told(error)).toEqual([
      ['js', 'javascript', 'receive', 'x'],
      ['py below', 'python', 'receive', 'y'],
    ]);
  });

  test('among its own: the inner network reports', async () => {
    const error = await rejection(
      fresh().run(
        par(
          python`
            from multicore import csp
            def answer(ears, mouth):
                mouth.send(ears.recv())
            a, b = csp.Channel(name="a"), csp.Channel(name="b")
            csp.network("inside").run(csp.par(
                csp.python(answer, (a.receiver, b.sender), name="one"),
                csp.python(answer, (b.receiver, a.sender), name="two")))
          `,
        ),
      ),
    );
    expect(error).toBeInstanceOf(ParallelError);
    expect(String((error as ParallelError).errors[0])).toMatch(
      /Deadlock in the network inside[\s\S]*one waits to receive from a/,
    );
  });

  test('no alarm while a process inside works', async () => {
    const a = channel<string>({ name: 'a' });
    const [heard] = await fresh().run(
      par(
        javascript(({ input }) => input.receive(), { input: a.receiver }),
        python`
          from multicore import csp
          def slow(out):
              import time
              time.sleep(0.9)
              out.send("there")
          csp.par(csp.python(slow, (${a.sender},))).run()
        `,
      ),
    );
    expect(heard).toBe('there');
  });
});

describe('TypeScript inside of a Python network', () => {
  /** Runs a network in Python of a function of JavaScript's and a process of Python's, crossed. */
  const run = async (
    name: string,
    inJavaScript: (input: Receiver<number>, out: Sender<number>) => Promise<unknown>,
  ): Promise<string> => {
    await using py = await Interpreter.create();
    await py.prepareMain({ function: inJavaScript });
    await py.exec(`
from multicore import csp
def answer(ears, mouth):
    heard = ears.recv()
    mouth.send(heard)
def run(name):
    x, y = csp.Channel(name="x"), csp.Channel(name="y")
    whole = csp.par(
        csp.host(function, x.receiver, y.sender, name="js"),
        csp.python(answer, (y.receiver, x.sender), name="py"))
    try:
        csp.network(name).run(whole)
    except csp.DeadlockError as error:
        return str(error)
    finally:
        csp.close_idle_interpreters()
    return "it ended"
`);
    return await py.call<string>('run', [name]);
  };

  test('a function that waits at a channel is a waiter', async () => {
    const report = await run('host', async (input, out) => out.send(await input.receive()));
    expect(report).toContain('Deadlock in the network host');
    expect(report).toMatch(
      /js waits to receive from x, whose other ends are with py\n +at .*nested/,
    );
    expect(report).toMatch(
      /py waits to receive from y, whose other ends are with js\n +at .*answer/,
    );
  });

  test('one that waits for processes of its own is looked into', async () => {
    const own = channel<number>({ name: 'own' });
    const report = await run('host par', (input, out) =>
      par(
        crossed('middle', input, out),
        python('builtins:next', [own.receiver, own.sender], { name: 'below' }),
      ).run(),
    );
    expect(report).toContain('middle waits to receive from x');
    expect(report).toContain('below waits to receive from own');
    // Nobody waits for the function any more, and so what it runs is stopped as well.
    await expect
      .poll(() => Interpreter.list().filter(({ state }) => state === 'running'))
      .toEqual([]);
    expect(report).toContain('py waits to receive from y');
  });

  test('both languages, three levels', async () => {
    const report = await run('three', async (input, out) => {
      await par(inner('par', 'deep', input, out));
    });
    expect(report).toContain('deep waits to receive from x, whose other ends are with py');
    expect(report).toContain('py waits to receive from y, whose other ends are with deep');
  });

  test('a network of TypeScript, two levels', async () => {
    const report = await run('net in net', async (input, out) => {
      await fresh().run(par(crossed('middle', input, out)));
    });
    expect(report).toContain('middle waits to receive from x');
  });

  test('no alarm while it awaits something else', async () => {
    const done = run('timer', async (input, out) => {
      await sleep(PATIENCE);
      await out.send(1);
      await input.receive();
    });
    expect(await done).toBe('it ended');
    let ring: (n: number) => void = () => {};
    const bell = new Promise<number>((resolve) => {
      ring = resolve;
    });
    const raced = run('bell', async (input, out) => {
      const first = await Promise.race([input.receive(), bell]);
      await out.send(first);
    });
    await sleep(PATIENCE);
    ring(5);
    expect(await raced).toBe('it ended');
  });
});

describe('TypeScript inside of TypeScript', () => {
  test('a cycle through a composition that a process awaits', async () => {
    const [x, y] = pair();
    const error = await rejection(
      fresh().run(
        par(
          crossed('outer', x.receiver, y.sender),
          javascript(
            async ({ input, out }) => {
              await par(crossed('inner', input, out));
            },
            { input: y.receiver, out: x.sender },
          ),
        ),
      ),
    );
    expect(told(error)).toEqual([
      ['outer', 'javascript', 'receive', 'x'],
      ['inner', 'javascript', 'receive', 'y'],
    ]);
  });

  test('a cycle through a network that is a part of another', async () => {
    const [x, y] = pair();
    const error = await rejection(
      fresh().run(
        par(
          crossed('outer', x.receiver, y.sender),
          fresh().of(par(crossed('inner', y.receiver, x.sender))),
        ),
      ),
    );
    expect(told(error).map(([process]) => process)).toEqual(['outer', 'inner']);
  });

  test('what a process composed itself ends with it', async () => {
    const [x, y] = pair();
    const own = channel<number>({ name: 'own' });
    const error = await rejection(
      fresh().run(
        par(
          crossed('outer', x.receiver, y.sender),
          javascript(
            async ({ input, out }) => {
              await Promise.all([
                par(crossed('inner', input, out)),
                par(crossed('alone', own.receiver, own.sender)),
              ]);
            },
            { input: y.receiver, out: x.sender },
          ),
        ),
      ),
    );
    expect(told(error).map(([process]) => process)).toEqual(['outer', 'inner', 'alone']);
    expect(own.sender.isOpen).toBe(false);
  });

  test('no alarm while a process inside awaits something unknown, or is raced', async () => {
    const [x, y] = pair();
    let ring: (n: number) => void = () => {};
    const bell = new Promise<number>((resolve) => {
      ring = resolve;
    });
    const running = fresh().run(
      par(
        crossed('outer', x.receiver, y.sender),
        javascript(
          async ({ input, out }) => {
            await par(
              javascript(async ({ out }) => out.send(await bell), { out }),
              javascript(({ input }) => input.receive(), { input }),
            );
          },
          { input: y.receiver, out: x.sender },
        ),
      ),
    );
    expect(await quiet(running)).toBe('quiet');
    const [a, b] = pair();
    const raced = fresh().run(
      par(
        crossed('outer', a.receiver, b.sender),
        javascript(
          async ({ input, out }) => {
            const own = out.clone();
            await Promise.race([par(crossed('inner', input, out)), bell]);
            await own.send(1);
            own.leave();
          },
          { input: b.receiver, out: a.sender },
        ),
      ),
    );
    expect(await quiet(raced)).toBe('quiet');
    ring(3);
    await running;
    await raced;
  });

  test('no alarm while a network that is a part of another works', async () => {
    const [x] = pair();
    const running = fresh().run(
      par(
        javascript(({ input }) => input.receive(), { input: x.receiver }),
        fresh().of(
          par(
            javascript(
              async ({ out }) => {
                await sleep(PATIENCE);
                await out.send(7);
              },
              { out: x.sender },
            ),
          ),
        ),
      ),
    );
    expect(await running).toEqual([7, [undefined]]);
  });
});
