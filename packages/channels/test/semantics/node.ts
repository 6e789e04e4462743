// The rows of the README's table for TypeScript: each operation as a function that says what came of it.

import { otherwise, receive, select, send, type WaitOptions } from '@multicore-python/channels';
import { drain, refusal, type Scene, type Side } from './states.js';

interface Operation {
  readonly side: Side;
  /** What came of it, in the README's words. */
  readonly run: (scene: Scene, options?: WaitOptions) => string | Promise<string>;
}

const sending = (run: Operation['run']): Operation => ({ side: 'send', run });
const receiving = (run: Operation['run']): Operation => ({ side: 'receive', run });
const afterwards = (scene: Scene): string => (scene.hasPeer ? drain(scene.receiver) : 'nothing');
const refused = (scene: Scene): string => (scene.hasPeer ? refusal(scene.sender) : 'nothing');

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  send: sending(({ sender }, options) => sender.send('message', options).then(() => 'sent')),
  trySend: sending(({ sender }) => (sender.trySend('message') ? 'sent' : 'false')),
  sendMany: sending(({ sender }, options) =>
    sender.sendMany(['message'], options).then(() => 'sent'),
  ),
  'select (send)': sending(({ sender }, options) =>
    select([send(sender, 'message')], options).then(({ done }) => (done ? 'done' : 'sent')),
  ),
  'select (send, otherwise)': sending(({ sender }) =>
    select([send(sender, 'message'), otherwise()]).then(({ index }) =>
      index === 0 ? 'sent' : 'otherwise',
    ),
  ),
  'writable()': sending(({ sender }) => {
    const writer = sender.writable().getWriter();
    // It rejects for the same reason.
    writer.closed.catch(() => {});
    return writer.write('message').then(() => 'sent');
  }),
  receive: receiving(({ receiver }, options) => receiver.receive(options)),
  tryReceive: receiving(({ receiver }) => receiver.tryReceive() ?? 'undefined'),
  receiveMany: receiving(async ({ receiver }, options) => {
    const many = await receiver.receiveMany(1, options);
    return many[0] ?? '[]';
  }),
  'for await': receiving(async ({ receiver }) => {
    const { done, value } = await receiver[Symbol.asyncIterator]().next();
    return done ? 'end' : value;
  }),
  'select (receive)': receiving(({ receiver }, options) =>
    select([receive(receiver)], options).then(({ done, value }) => (done ? 'done' : value)),
  ),
  'select (receive, otherwise)': receiving(({ receiver }) =>
    select([receive(receiver), otherwise()]).then(({ index, done, value }) =>
      index === 1 ? 'otherwise' : done ? 'done' : value,
    ),
  ),
  'readable()': receiving(async ({ receiver }) => {
    const { done, value } = await receiver.readable().getReader().read();
    return done ? 'end' : value;
  }),
  close: sending((scene) => {
    scene.sender.close();
    return afterwards(scene);
  }),
  'poison()': sending((scene) => {
    scene.channel.poison('reason');
    return afterwards(scene);
  }),
  leave: sending((scene) => {
    scene.sender.leave();
    return afterwards(scene);
  }),
  'close (receiver)': receiving((scene) => {
    scene.receiver.close();
    return refused(scene);
  }),
  'leave (receiver)': receiving((scene) => {
    scene.receiver.leave();
    return refused(scene);
  }),
  'poison() (receiver)': receiving((scene) => {
    scene.receiver.poison('reason');
    return refused(scene);
  }),
};
