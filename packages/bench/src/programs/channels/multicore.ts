// Channels of @multicore-python/channels: between interpreters, and between Python and Node.

import { channel, type Receiver, type Sender } from '@multicore-python/channels';
import type { Interpreter } from '@multicore-python/interpreters';
import type { Opened, Workload } from '../../host/protocol.js';
import { interpreter, version } from '../peer/multicore.js';
import { NODE_PAYLOADS, weigh } from './payloads.js';

const M = 'bench_messages';

export async function open(): Promise<Opened> {
  const pool: Interpreter[] = [];
  /** Interpreters stay: creating them is not part of any workload here. */
  const take = async (count: number): Promise<Interpreter[]> => {
    while (pool.length < count) pool.push(await interpreter());
    return pool.slice(0, count);
  };

  const throughput =
    (capacity: number, payload: string, pairs = 1): Workload =>
    async (n) => {
      const all = await take(pairs * 2);
      const { sender, receiver } = channel({ capacity });
      const share = Math.ceil(n / pairs);
      const sums = await Promise.all(
        Array.from({ length: pairs }, async (_, index) => {
          const [from, to] = [all[index * 2], all[index * 2 + 1]] as [Interpreter, Interpreter];
          const received = to.call<number>(`${M}:consume_channel`, [receiver, share]);
          await from.call(`${M}:produce_channel`, [sender, payload, share]);
          return await received;
        }),
      );
      sender.leave();
      receiver.leave();
      return sums.reduce((sum, value) => sum + value, 0);
    };

  const roundTrip =
    (capacity: number, payload: string): Workload =>
    async (n) => {
      const [a, b] = (await take(2)) as [Interpreter, Interpreter];
      const there = channel({ capacity });
      const back = channel({ capacity });
      const done = b.call(`${M}:pong_channel`, [back.sender, there.receiver, n, payload]);
      const sum = await a.call(`${M}:ping_channel`, [there.sender, back.receiver, n, payload]);
      await done;
      return sum;
    };

  const toPython =
    (capacity: number, payload: string): Workload =>
    async (n) => {
      const [py] = (await take(1)) as [Interpreter];
      const { sender, receiver } = channel<unknown>({ capacity });
      const received = py.call(`${M}:consume_channel`, [receiver, n]);
      await sendAll(sender, NODE_PAYLOADS[payload], n);
      return await received;
    };

  const toNode =
    (capacity: number, payload: string): Workload =>
    async (n) => {
      const [py] = (await take(1)) as [Interpreter];
      const { sender, receiver } = channel<unknown>({ capacity });
      const sent = py.call(`${M}:produce_channel`, [sender, payload, n]);
      const sum = await receiveAll(receiver, n);
      await sent;
      return sum;
    };

  const nodeRoundTrip: Workload = async (n) => {
    const [py] = (await take(1)) as [Interpreter];
    const there = channel<number>({ capacity: 1 });
    const back = channel<number>({ capacity: 1 });
    const done = py.call(`${M}:pong_channel`, [back.sender, there.receiver, n]);
    let sum = 0;
    for (let i = 0; i < n; i += 1) {
      await there.sender.send(i & 63);
      sum += await back.receiver.receive();
    }
    await done;
    return sum;
  };

  const inNode =
    (capacity: number): Workload =>
    async (n) => {
      const { sender, receiver } = channel<unknown>({ capacity });
      const [sum] = await Promise.all([receiveAll(receiver, n), sendAll(sender, 7, n)]);
      return sum;
    };

  return {
    version,
    workloads: {
      'int-rendezvous': throughput(0, 'int'),
      'int-1': throughput(1, 'int'),
      'int-64': throughput(64, 'int'),
      'int-unbounded': throughput(Number.POSITIVE_INFINITY, 'int'),
      'int-64-4x4': throughput(64, 'int', 4),
      'text-64': throughput(64, 'text'),
      'tuple-64': throughput(64, 'tuple'),
      'bytes-64': throughput(64, 'bytes'),
      'megabyte-8': throughput(8, 'megabyte'),
      'round-trip': roundTrip(1, 'int'),
      'round-trip-rendezvous': roundTrip(0, 'int'),
      'round-trip-bytes': roundTrip(1, 'bytes'),
      'node-to-python': toPython(64, 'int'),
      'python-to-node': toNode(64, 'int'),
      'node-to-python-text': toPython(64, 'text'),
      'python-to-node-text': toNode(64, 'text'),
      'node-to-python-bytes': toPython(64, 'bytes'),
      'python-to-node-bytes': toNode(64, 'bytes'),
      'node-to-python-many': async (n) => {
        const [py] = (await take(1)) as [Interpreter];
        const { sender, receiver } = channel<number>({ capacity: 1024 });
        const received = py.call(`${M}:consume_channel`, [receiver, n]);
        for (let left = n; left > 0; left -= BATCH)
          await sender.sendMany(new Array<number>(Math.min(left, BATCH)).fill(7));
        return await received;
      },
      'python-to-node-many': async (n) => {
        const [py] = (await take(1)) as [Interpreter];
        const { sender, receiver } = channel<number>({ capacity: 1024 });
        const sent = py.call(`${M}:produce_channel`, [sender, 'int', n]);
        let sum = 0;
        for (let left = n; left > 0; ) {
          const batch = await receiver.receiveMany(BATCH);
          for (const value of batch) sum += value;
          left -= batch.length;
        }
        await sent;
        return sum;
      },
      'node-round-trip': nodeRoundTrip,
      'node-to-node': inNode(64),
    },
    close: () => Promise.all(pool.map((py) => py.close())),
  };
}

const BATCH = 256;

async function sendAll(sender: Sender<unknown>, value: unknown, n: number): Promise<void> {
  for (let i = 0; i < n; i += 1) await sender.send(value);
}

async function receiveAll(receiver: Receiver<unknown>, n: number): Promise<number> {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += weigh(await receiver.receive());
  return sum;
}
