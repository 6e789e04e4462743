// A JavaScript process and a Python process, side by side, over one channel.
import { channel, closeIdleInterpreters, javascript, par, python } from '@multicore-python/csp';
import { same } from './same.js';

const numbers = channel<number>({ capacity: 4 });
const [, total] = await par(
  javascript(
    async ({ out }) => {
      for (const n of [1, 2, 3, 4]) await out.send(n);
    },
    { out: numbers.sender },
  ),
  python<number>('builtins:sum', [numbers.receiver]),
);
same(total, 10);
await closeIdleInterpreters();
console.log(`a network of two processes agreed on ${total}`);
