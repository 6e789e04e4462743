// `sendMany` through a channel that has no room for all of them: how much is converted, in vain or not,
// and what is sent before one that cannot cross. Waiting and order are tested in channel.test.ts.

import { channel, NotShareableError, transfer } from '@multicore-python/channels';
import { expect, test } from 'vitest';

test.each([0, 1, 7, 100])(
  'with room for %i it converts each message a few times',
  async (capacity) => {
    let reads = 0;
    const messages = Array.from({ length: 3000 }, (_, index) => ({
      get value() {
        reads += 1;
        return index;
      },
    }));
    const { sender, receiver } = channel<{ readonly value: number }>({ capacity });
    const sending = sender.sendMany(messages).then(() => sender.close());
    const received: number[] = [];
    for await (const { value } of receiver) received.push(value);
    await sending;
    expect(received).toEqual(messages.map((_, index) => index));
    // Each once by itself, the others in vain. It was once for each message that was still to be sent.
    expect(reads).toBeLessThan(4 * messages.length);
  },
);

test('what comes before a message that cannot cross is sent', async () => {
  const { sender, receiver } = channel<unknown>({ capacity: 10 });
  const memory = transfer(new Uint8Array([1]));
  const sending = sender.sendMany(['a', memory, { handler: () => {} }, 'b']);
  const error = await sending.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(NotShareableError);
  expect((error as NotShareableError).path).toBe('$.handler');
  expect(await receiver.receiveMany()).toEqual(['a', new Uint8Array([1])]);
});
