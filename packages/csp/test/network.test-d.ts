import type { Receiver, Sender } from '@multicore-python/channels';
import {
  alt,
  alternate,
  at,
  Barrier,
  type Composition,
  every,
  farm,
  javascript,
  link,
  monitor,
  network,
  type Process,
  par,
  python,
  send,
  supervise,
  when,
} from '@multicore-python/csp';
import { expectTypeOf, test } from 'vitest';

declare const numbers: Receiver<number>;
declare const words: Sender<string>;

test('what wraps a process keeps its result', async () => {
  const worker = python<number>('m:f');
  expectTypeOf(network('n').run(worker)).resolves.toEqualTypeOf<number>();
  expectTypeOf(network('n').of(worker)).toEqualTypeOf<Process<number>>();
  expectTypeOf(monitor(worker, () => {})).toEqualTypeOf<Composition<number>>();
  expectTypeOf(link()(worker)).toEqualTypeOf<Composition<number>>();
  expectTypeOf(
    par(worker, worker)
      .map(([a, b]) => `${a + b}`)
      .run(),
  ).resolves.toBeString();
  expectTypeOf(supervise([worker, { process: () => worker }]).run()).resolves.toBeVoid();
});

test('times and barriers are guards with results of their own', async () => {
  const event = await alt({
    tick: every(10),
    late: at(0),
    meeting: new Barrier(2),
    said: when(true, send(words, 'x')),
  });
  if (event.name === 'tick') expectTypeOf(event.value).toBeNumber();
  if (event.name === 'late') expectTypeOf(event.value).toBeUndefined();
  if (event.name === 'meeting') expectTypeOf(event.done).toEqualTypeOf<false>();
});

test('guards that are made for each round', async () => {
  const choice = alternate({ input: () => when(true, numbers), tick: every(1) });
  const event = await choice.next();
  expectTypeOf(event.name).toEqualTypeOf<'input' | 'tick'>();
  if (event.name === 'input' && !event.done) expectTypeOf(event.value).toBeNumber();
});

test('a farm hands its workers what it was given', () => {
  farm({
    workers: 2,
    input: numbers,
    output: words,
    worker: (input, output, index) => {
      expectTypeOf(input).toEqualTypeOf<Receiver<number>>();
      expectTypeOf(output).toEqualTypeOf<Sender<string>>();
      expectTypeOf(index).toBeNumber();
      return javascript(() => 1);
    },
  });
});
