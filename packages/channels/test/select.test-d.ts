import {
  after,
  channel,
  type Receiver,
  receive,
  type Sender,
  select,
  send,
} from '@multicore-python/channels';
import { expectTypeOf, test } from 'vitest';

declare const numbers: Receiver<number>;
declare const texts: Sender<string>;

test('results are told apart by index', async () => {
  const event = await select([receive(numbers), send(texts, 'x'), after(10)]);
  expectTypeOf(event.index).toEqualTypeOf<0 | 1 | 2>();
  if (event.index === 0) {
    if (event.done) expectTypeOf(event.value).toBeUndefined();
    else expectTypeOf(event.value).toBeNumber();
  }
  if (event.index === 1) expectTypeOf(event.value).toBeUndefined();
  if (event.index === 2) expectTypeOf(event.case.kind).toEqualTypeOf<'after'>();
});

test('cases made at run time are told apart by kind', async () => {
  const many: Receiver<number>[] = [];
  const event = await select(many.map((each) => receive(each)));
  expectTypeOf(event.index).toBeNumber();
  if (!event.done) expectTypeOf(event.value).toBeNumber();
});

test('channels keep the type of their messages', () => {
  const { sender, receiver } = channel<{ id: number }>();
  expectTypeOf(sender.send).parameter(0).toEqualTypeOf<{ id: number }>();
  expectTypeOf(receiver.receive()).resolves.toEqualTypeOf<{ id: number }>();
  expectTypeOf(receiver.tryReceive()).toEqualTypeOf<{ id: number } | undefined>();
  // @ts-expect-error another message
  sender.trySend('text');
  // @ts-expect-error another message
  send(texts, 1);
  // A receiver of something narrower will do, a sender of something wider.
  expectTypeOf<Receiver<'a'>>().toExtend<Receiver<string>>();
  expectTypeOf<Sender<string>>().toExtend<Sender<'a'>>();
  expectTypeOf<Receiver<string>>().not.toExtend<Receiver<number>>();
  expectTypeOf<Sender<string>>().not.toExtend<Sender<number>>();
});
