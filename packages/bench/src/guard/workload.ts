// A fixed amount of work on one thread, for counting instructions: `node workload.js <name> <n>`.
// Nothing here may depend on time or on another thread's pace.

import { channel } from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';

const [name = '', count = '0'] = process.argv.slice(2);
const n = Number(count);
const py = Interpreter.createSync();
py.execSync(
  'def add(a, b):\n    return a + b\n\ndef same(value):\n    return value\n\ndef fail():\n    raise ValueError(1)',
);

function repeat(work: () => unknown): void {
  for (let i = 0; i < n; i += 1) work();
}

const works: Readonly<Record<string, () => void>> = {
  'sync-call': () => {
    const add = py.function<[number, number], number>('operator:add');
    repeat(() => add.sync(1, 2));
  },
  'sync-exception': () => {
    const fail = py.function<[], never>('fail');
    repeat(() => {
      try {
        fail.sync();
      } catch {
        // What it costs to get here is what is counted.
      }
    });
  },
  'list-of-floats': () => {
    const same = py.function<[readonly number[]], number[]>('same');
    const values = Array.from({ length: 100 }, (_, index) => index + 0.5);
    repeat(() => same.sync(values));
  },
  strings: () => {
    const same = py.function<[string], string>('same');
    const value = 'x'.repeat(100);
    repeat(() => same.sync(value));
  },
  'channel-in-node': () => {
    const { sender, receiver } = channel<number>({ capacity: 8 });
    repeat(() => {
      sender.trySend(1);
      receiver.tryReceive();
    });
  },
};

const work = works[name];
if (work === undefined) throw new Error(`no workload ${name}: ${Object.keys(works).join(', ')}`);
work();
process.exit();
