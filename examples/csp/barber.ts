// The sleeping barber: customers who find no free chair in the waiting room go away again. The chairs
// are the places of a channel.

import { channel, type Sender } from '@multicore-python/channels';
import { javascript, type Process, par } from '@multicore-python/csp';
import { type Choose, chooser, fromModule, type Language } from './language.js';

/** How a day went. */
export interface Day {
  readonly customers: number;
  readonly shaved: number;
  readonly turnedAway: number;
}

/** Lets customers come, until so many have. */
export function barber(language: Language, chairs: number, customers: number): Process<Day> {
  const choose = chooser(language);
  // Who comes sends along where it will hear that it is shaved.
  const room = channel<Sender<null>>({ name: 'waiting room', capacity: chairs });
  return par(
    choose<number>(
      () =>
        javascript(
          async ({ room }) => {
            let count = 0;
            for await (const shaved of room) {
              await shaved.send(null);
              shaved.leave();
              count += 1;
            }
            return count;
          },
          { room: room.receiver },
          { name: 'barber' },
        ),
      () => fromModule('barber:shave', [room.receiver], 'barber'),
    ),
    par(
      ...Array.from({ length: customers }, (_, index) =>
        customer(choose, room.sender, `customer ${index + 1}`),
      ),
    ),
  ).map(([shaved, stayed]) => {
    const turnedAway = stayed.filter((each) => !each).length;
    return { customers, shaved, turnedAway };
  });
}

/** Comes once; says whether it was shaved. */
function customer(choose: Choose, room: Sender<Sender<null>>, name: string): Process<boolean> {
  return choose(
    () =>
      javascript(
        async ({ room }) => {
          using shaved = channel<null>();
          if (!room.trySend(shaved.sender)) return false;
          // Only the barber can still answer.
          shaved.sender.leave();
          await shaved.receiver.receive();
          return true;
        },
        { room },
        { name },
      ),
    () => fromModule<boolean>('barber:visit', [room], name),
  );
}
