// The Santa Claus problem: Santa sleeps until either all nine reindeer are back from their holidays, or
// three of the ten elves want to consult him. If both wait, the reindeer go first.

import {
  alt,
  type Channel,
  channel,
  forever,
  javascript,
  type Process,
  par,
  type Receiver,
  type Sender,
  when,
} from '@multicore-python/csp';
import { type Choose, chooser, fromModule, type Language } from './language.js';

const REINDEER = 9;
const ELVES = 10;
const ELVES_IN_A_GROUP = 3;

/** A knock at the door: who knocks sends along where it will hear that it is done. */
type Knock = Sender<null>;
/** A group in front of the door. */
type Group = readonly Knock[];

/** What Santa did. */
export interface SantasWork {
  readonly deliveries: number;
  readonly consultations: number;
}

/** Lets time go by until Santa has delivered and consulted so often. */
export function santa(language: Language, goal: SantasWork): Process<SantasWork> {
  const choose = chooser(language);
  const stable = channel<Knock>({ name: 'stable' });
  const porch = channel<Knock>({ name: 'porch' });
  const sleigh = channel<Group>({ name: 'sleigh' });
  const study = channel<Group>({ name: 'study' });
  return par(
    receive(choose, goal, sleigh.receiver, study.receiver),
    gather(choose, REINDEER, stable, sleigh),
    gather(choose, ELVES_IN_A_GROUP, porch, study),
    ...Array.from({ length: REINDEER }, (_, index) =>
      visitor(choose, `reindeer ${index + 1}`, stable.sender),
    ),
    ...Array.from({ length: ELVES }, (_, index) =>
      visitor(choose, `elf ${index + 1}`, porch.sender),
    ),
  ).map(([work]) => work as SantasWork);
}

/** Santa. */
function receive(
  choose: Choose,
  goal: SantasWork,
  sleigh: Receiver<Group>,
  study: Receiver<Group>,
): Process<SantasWork> {
  return choose(
    () =>
      javascript(
        async ({ sleigh, study }) => {
          let deliveries = 0;
          let consultations = 0;
          while (deliveries < goal.deliveries || consultations < goal.consultations) {
            const event = await alt(
              {
                sleigh: when(deliveries < goal.deliveries, sleigh),
                study: when(consultations < goal.consultations, study),
              },
              { fair: false },
            );
            if (event.done) break;
            if (event.name === 'sleigh') deliveries += 1;
            else consultations += 1;
            try {
              for (const done of event.value) await done.send(null);
            } finally {
              for (const done of event.value) done.leave();
            }
          }
          // Whoever still comes hears that the doors are closed, and goes home.
          sleigh.close();
          study.close();
          return { deliveries, consultations };
        },
        { sleigh, study },
        { name: 'Santa' },
      ),
    () => {
      const { deliveries, consultations } = goal;
      const args = [deliveries, consultations, sleigh, study];
      return fromModule<SantasWork>('santa:santa', args, 'Santa');
    },
  );
}

/** Lets its visitors in when there are enough of them. */
function gather(
  choose: Choose,
  size: number,
  { receiver: input }: Channel<Knock>,
  { sender: out }: Channel<Group>,
): Process<unknown> {
  const name = `group of ${size}`;
  let group: Knock[] = [];
  return choose<unknown>(
    () =>
      forever(
        javascript(
          async ({ input, out }) => {
            try {
              while (group.length < size) group.push(await input.receive());
              await out.send(group);
            } finally {
              for (const knock of group) knock.leave();
              group = [];
            }
          },
          { input, out },
          { name },
        ),
      ),
    () => fromModule('santa:gather', [size, input, out], name),
  );
}

/** A reindeer or an elf, who comes again and again. */
function visitor(choose: Choose, name: string, door: Sender<Knock>): Process<unknown> {
  return choose<unknown>(
    () =>
      forever(
        javascript(
          async ({ door }) => {
            const done = channel<null>();
            await door.send(done.sender);
            done.sender.leave();
            await done.receiver.receive();
          },
          { door },
          { name },
        ),
      ),
    () => fromModule('santa:visit', [door], name),
  );
}
