// Streams in which wake-ups of Node are put off: none may be lost when the thread that owes one does
// nothing more that concerns us. Here it spins until Node has seen what it should.

import { channel } from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, expect, test } from 'vitest';

const PARTIES = `
def burst(sender, seen, rounds, count):
    for round in range(rounds):
        for index in range(count):
            sender.send(index)
        while seen[0] <= round:
            pass

def gulp(receiver, seen, rounds, count):
    total = 0
    for round in range(rounds):
        for _ in range(count):
            total += receiver.recv()
        while seen[0] <= round:
            pass
    return total
`;

let interpreter: Interpreter;
beforeAll(async () => {
  interpreter = await Interpreter.create();
  await interpreter.exec(PARTIES);
});
afterAll(() => interpreter.close());

const ROUNDS = 200;
const flag = (): Int32Array => new Int32Array(new SharedArrayBuffer(4));

for (const count of [1, 2, 40, 100]) {
  test(`the last of ${count} messages in a row arrives while their sender computes`, async () => {
    const { sender, receiver } = channel<number>({ capacity: 256 });
    const seen = flag();
    const sending = interpreter.call('burst', [sender, seen, ROUNDS, count]);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let index = 0; index < count; index += 1) expect(await receiver.receive()).toBe(index);
      Atomics.store(seen, 0, round + 1);
    }
    await sending;
    expect(receiver.stats()).toMatchObject({ sent: ROUNDS * count, received: ROUNDS * count });
  });

  test(`${count} messages taken in a row make room while their receiver computes`, async () => {
    const room = 4;
    const { sender, receiver } = channel<number>({ capacity: room });
    const seen = flag();
    const taking = interpreter.call<number>('gulp', [receiver, seen, ROUNDS, count]);
    for (let index = 0; index < room; index += 1) await sender.send(1);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let index = 0; index < count; index += 1) await sender.send(1);
      Atomics.store(seen, 0, round + 1);
    }
    expect(await taking).toBe(ROUNDS * count);
    expect(sender.stats()).toMatchObject({ length: room, received: ROUNDS * count });
  });
}
