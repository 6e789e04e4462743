// A channel between Node and Node, and one between Python and Node.
import { channel } from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';
import { same } from './same.js';

const local = channel<string>({ capacity: 2 });
await local.sender.send('through');
local.sender.close();
same(await local.receiver.receive(), 'through');

const squares = channel<number>();
await using worker = await Interpreter.create();
const job = worker.exec('for n in range(5):\n    out.send(n * n)\nout.close()', {
  bind: { out: squares.sender },
});
const received: number[] = [];
for await (const square of squares.receiver) received.push(square);
await job;
same(received, [0, 1, 4, 9, 16]);
console.log(`${received.length} messages from Python`);
