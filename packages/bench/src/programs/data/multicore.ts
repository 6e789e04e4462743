// Values through synchronous calls of @multicore-python/interpreters.

import { releaseView, type TypedArray, transfer } from '@multicore-python/interpreters';
import type { Opened, Workload } from '../../host/protocol.js';
import { interpreter, version } from '../peer/multicore.js';
import { carrying, SHARED_SIZES, timed } from './values.js';

export async function open(): Promise<Opened> {
  const py = await interpreter();
  const call = (name: string) => py.function<[unknown]>(`bench_functions:${name}`).sync;
  const [size, kept, prepare, bounce] = ['size', 'kept', 'prepare', 'bounce'].map(call) as [
    (value: unknown) => unknown,
    (name: unknown) => unknown,
    (name: unknown) => unknown,
    (value: unknown) => unknown,
  ];

  const viewTo =
    (bytes: number): Workload =>
    (n) => {
      const view = new Uint8Array(new SharedArrayBuffer(bytes));
      return timed(n, () => size(view));
    };
  const viewFrom =
    (name: string): Workload =>
    (n) => {
      prepare(`view-${name}`);
      return timed(n, () => {
        const view = kept(`view-${name}`) as TypedArray;
        const { byteLength } = view;
        releaseView(view);
        return byteLength;
      });
    };
  const moved =
    (bytes: number): Workload =>
    (n) => {
      let there = new Uint8Array(bytes);
      return timed(n, () => {
        there = bounce(transfer(there)) as typeof there;
        return there.byteLength;
      });
    };

  return {
    version,
    workloads: {
      ...carrying({ size, kept, prepare }),
      ...Object.fromEntries(
        Object.entries(SHARED_SIZES).flatMap(([name, bytes]): [string, Workload][] => [
          [`view-to-${name}`, viewTo(bytes)],
          [`view-from-${name}`, viewFrom(name)],
          [`transfer-${name}`, moved(bytes)],
        ]),
      ),
    },
    close: () => py.close(),
  };
}
