import type { Receiver, Sender } from '@multicore-python/channels';
import {
  after,
  alt,
  javascript,
  par,
  pipeline,
  python,
  replicate,
  seq,
  skip,
  when,
} from '@multicore-python/csp';
import { expectTypeOf, test } from 'vitest';

declare const numbers: Receiver<number>;

test('par and seq result in tuples', async () => {
  const result = await par(
    javascript(async () => 1),
    python<string>('m:f', [numbers]),
    seq(javascript(() => true)),
  );
  expectTypeOf(result).toEqualTypeOf<[number, string, [boolean]]>();
  expectTypeOf(replicate(3, () => python<number>('m:f')).run()).resolves.toEqualTypeOf<number[]>();
});

test('the body is given what was handed over, and a signal', () => {
  javascript(
    ({ input, signal }) => {
      expectTypeOf(input).toEqualTypeOf<Receiver<number>>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    },
    { input: numbers },
  );
});

test('alt is told apart by name', async () => {
  const event = await alt({
    item: numbers,
    tick: after(1),
    idle: skip,
    maybe: when(true, numbers),
  });
  expectTypeOf(event.name).toEqualTypeOf<'item' | 'tick' | 'idle' | 'maybe'>();
  if (event.name === 'item' && !event.done) expectTypeOf(event.value).toBeNumber();
  if (event.name === 'tick') expectTypeOf(event.value).toBeUndefined();
});

test('a pipeline hands each stage what the one before sends', () => {
  pipeline(
    (out: Sender<string>) => javascript(() => {}, { out }),
    (input, out: Sender<number>) => {
      expectTypeOf(input).toEqualTypeOf<Receiver<string>>();
      return javascript(() => {}, { input, out });
    },
    (input) => {
      expectTypeOf(input).toEqualTypeOf<Receiver<number>>();
      return javascript(() => {}, { input });
    },
  );
});
