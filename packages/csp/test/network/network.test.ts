import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { channel } from '@multicore-python/channels';
import {
  closeIdleInterpreters,
  javascript,
  type NetworkSnapshot,
  network,
  networks,
  type ProcessEvent,
  par,
  python,
} from '@multicore-python/csp';
import { python as code } from '@multicore-python/interpreters';
import { afterAll, describe, expect, test } from 'vitest';

afterAll(closeIdleInterpreters);

const pipeline = (gate: Promise<unknown>) => {
  const a = channel<number>({ name: 'numbers', capacity: 2 });
  const b = channel<number>({ name: 'squares' });
  return par(
    javascript(
      async ({ out }) => {
        for (let n = 0; n < 100; n += 1) {
          // Where a wait is begun is not found out more often than every 2 ms; the fifth lasts.
          if (n < 6) await sleep(3);
          await out.send(n);
        }
      },
      { out: a.sender },
      { name: 'source' },
    ),
    python`
      for n in ${a.receiver}: ${b.sender}.send(n * n)
    `,
    javascript(
      async ({ input }) => {
        await input.receive();
        await gate;
        let sum = 0;
        for await (const n of input) sum += n;
        return sum;
      },
      { input: b.receiver },
      { name: 'sink' },
    ),
  );
};

const until = async (
  look: () => NetworkSnapshot,
  is: (snapshot: NetworkSnapshot) => boolean,
): Promise<NetworkSnapshot> => {
  for (;;) {
    const snapshot = look();
    if (is(snapshot)) return snapshot;
    await sleep(2);
  }
};

describe('a network', () => {
  test('shows its processes, what they wait for, and its channels', async () => {
    const net = network('pictures');
    const gate = later();
    const running = net.run(pipeline(gate.promise));
    const snapshot = await until(
      () => net.snapshot(),
      ({ processes }) =>
        processes.filter(({ state }) => state === 'waiting').length === 2 &&
        processes[2]?.state === 'running',
    );
    expect(networks().map(({ name }) => name)).toEqual(['pictures']);
    const [source, square, sink] = snapshot.processes;
    expect(source).toMatchObject({ name: 'source', language: 'javascript', state: 'waiting' });
    expect(source?.waits).toMatchObject([{ operation: 'send' }]);
    expect(source?.waits[0]?.where).toContain('network.test.ts');
    expect(square).toMatchObject({ language: 'python', state: 'waiting' });
    expect(square?.waits[0]).toMatchObject({ operation: 'send' });
    expect(square?.interpreter?.busy).toBeGreaterThan(0);
    expect(square?.interpreter?.cpu).toBeGreaterThan(0);
    expect(sink).toMatchObject({ state: 'running', waits: [] });
    const [numbers, squares] = snapshot.channels;
    expect(numbers).toMatchObject({ name: 'numbers', length: 2, capacity: 2 });
    expect(numbers?.sendingProcesses).toEqual([source?.id]);
    expect(numbers?.receivingProcesses).toContain(square?.id);
    expect(squares?.sendingProcesses).toContain(square?.id);
    expect(net.toDot()).toMatch(/digraph "pictures"[\s\S]*label="numbers 2\/2/);
    expect(net.toMermaid()).toMatch(/flowchart LR[\s\S]*-- "squares/);
    gate.resolve(undefined);
    const [, , sum] = await running;
    expect(sum).toBe([...Array(100).keys()].reduce((total, n) => total + n * n, 0));
    expect(net.snapshot().processes.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(networks()).toEqual([]);
    expect(net.isRunning).toBe(false);
  });

  test('is unique by name while it runs, and a part of another by of()', async () => {
    const [outer, inner] = [network('outer'), network('inner')];
    const gate = later();
    const running = outer.run(
      par(
        inner.of(javascript(() => gate.promise, {}, { name: 'inside' })),
        javascript(() => 1),
      ),
    );
    await sleep(5);
    expect(
      networks()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['inner', 'outer']);
    await expect(network('inner').run(javascript(() => 1))).rejects.toThrow('unique');
    expect(inner.snapshot().processes).toMatchObject([{ name: 'inside', state: 'running' }]);
    gate.resolve('x');
    expect(await running).toEqual(['x', 1]);
  });

  test('rejects with what failed, and with the reason of an abort', async () => {
    const net = network('failing');
    await expect(net.run(javascript(() => Promise.reject(new Error('no'))))).rejects.toThrow('no');
    const a = channel<number>();
    const controller = new AbortController();
    const running = net.run(
      javascript(({ input }) => input.receive(), { input: a.receiver, keep: a.sender }),
      { signal: controller.signal },
    );
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(net.snapshot().processes.map(({ state }) => state)).toEqual(['failed', 'stopped']);
  });

  test('publishes its processes on a diagnostics channel', async () => {
    const seen: ProcessEvent[] = [];
    const listen = (event: unknown) => void seen.push(event as ProcessEvent);
    subscribe('multicore-python:csp:process', listen);
    await network('told').run(javascript(() => 1, {}, { name: 'one' }));
    unsubscribe('multicore-python:csp:process', listen);
    expect(seen).toMatchObject([
      { phase: 'start', network: 'told', process: 'one' },
      { phase: 'end', outcome: 'done' },
    ]);
  });

  test('records a trace', async () => {
    const net = network('recorded');
    const recording = net.record({ interval: 2 });
    const gate = later();
    const running = net.run(pipeline(gate.promise));
    await until(
      () => net.snapshot(),
      ({ processes }) => (processes[1]?.waits[0]?.waited ?? 0) > 20,
    );
    gate.resolve(undefined);
    await running;
    const directory = await mkdtemp(join(tmpdir(), 'csp-'));
    const file = join(directory, 'trace.json');
    await recording.save(file);
    const { traceEvents } = JSON.parse(await readFile(file, 'utf8'));
    await rm(directory, { recursive: true });
    const of = (phase: string, cat: string) =>
      traceEvents.filter(
        (each: { ph: string; cat: string }) => each.ph === phase && each.cat === cat,
      );
    expect(of('B', 'process')).toHaveLength(3);
    expect(of('E', 'process')).toHaveLength(3);
    expect(of('B', 'wait').length).toBe(of('E', 'wait').length);
    expect(of('B', 'wait').length).toBeGreaterThan(10);
    expect(of('X', 'wait').length).toBeGreaterThan(0);
    expect(of('C', 'channel').length).toBeGreaterThan(2);
  });
});

function later() {
  let resolve: (value: unknown) => void = () => {};
  const promise = new Promise<unknown>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

test('a snapshot shows who runs inside of whom, in both languages', async () => {
  const [gate, open] = [channel<number>({ name: 'gate' }), channel<number>({ name: 'open' })];
  const net = network('inside');
  const wait = (name: string) =>
    javascript(({ input }) => input.receive(), { input: gate.receiver }, { name });
  const running = net.run(
    par(
      network('part').of(par(wait('in a part'))),
      javascript(
        async () => {
          await par(wait('in a process'));
        },
        {},
        { name: 'composes' },
      ),
      python(
        code`
          from multicore import csp
          def inner(gate):
              while gate.recv() is None: pass
          csp.par(csp.python(inner, (${open.receiver},), name="in Python")).run()
        `,
        { name: 'runs' },
      ),
    ),
  );
  const { processes, channels } = await until(
    () => net.snapshot(),
    (snapshot) => snapshot.processes.filter(({ state }) => state === 'waiting').length === 3,
  );
  const find = (name: string) => processes.find((each) => each.name === name);
  const inPython = find('in Python');
  expect(find('in a part')).toMatchObject({ parent: null, state: 'waiting' });
  expect(find('in a process')).toMatchObject({ parent: find('composes')?.id });
  expect(inPython).toMatchObject({
    language: 'python',
    parent: find('runs')?.id,
    restarts: 0,
    waits: [{ operation: 'receive', channels: [open.receiver.channelId] }],
  });
  expect(inPython?.interpreter?.id).not.toBe(find('runs')?.interpreter?.id);
  expect(inPython?.interpreter?.cpu).toBeGreaterThan(0);
  expect(find('runs')).toMatchObject({ state: 'running', waits: [] });
  expect(channels.find(({ name }) => name === 'open')?.receivingProcesses).toContain(inPython?.id);
  expect(net.toMermaid()).toContain('in Python');
  for (const _ of [1, 2]) await gate.sender.send(1);
  await open.sender.send(1);
  await running;
});

test('a recording has every wait of Python, however seldom it looks at channels', async () => {
  const [work, step] = [channel<number>({ name: 'work' }), channel<number>({ name: 'step' })];
  const net = network('exact');
  const recording = net.record({ interval: 60_000 });
  await net.run(
    par(
      javascript(
        async ({ out, step }) => {
          for (let n = 0; n < 5; n += 1) {
            await sleep(10);
            await out.send(n);
            await step.receive();
          }
        },
        { out: work.sender, step: step.receiver },
      ),
      python(
        code`
          def echo(work, step):
              for n in work:
                  step.send(n)
          echo(${work.receiver}, ${step.sender})
        `,
        { name: 'echo' },
      ),
    ),
  );
  const events = recording.stop();
  const row = events.find(({ ph, name }) => ph === 'B' && name === 'echo');
  const waits = events.filter(({ ph, tid }) => ph === 'X' && tid === row?.tid);
  const received = waits.filter(({ name }) => name === 'receive');
  // Five messages, but for those that were there already, and the end: sampling would show one.
  expect(received.length).toBeGreaterThan(1);
  expect(received.length).toBeLessThanOrEqual(6);
  for (const { args, dur, ts } of received) {
    expect(args?.['channels']).toEqual(received[0]?.args?.['channels']);
    expect(args?.['where']).toMatch(/:2:echo$/);
    expect(dur).toBeGreaterThan(0);
    expect(ts).toBeGreaterThanOrEqual(row?.ts ?? Number.NaN);
  }
});
