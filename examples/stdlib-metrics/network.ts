// The network: a walker, a farm of Python interpreters, a collector, and the channels between them.
//
//   walk ──paths──▶ worker 1..n (Python, one core each) ──metrics──▶ collect
//     ▲────────────────────────go, once all are ready──────────────────┘

import { channel, type Receiver, type Sender } from '@multicore-python/channels';
import { javascript, par, python, replicate } from '@multicore-python/csp';
import type { FileMetrics, WorkerMessage } from './messages.js';

/** What to run the network on. */
export interface Work {
  /** The folder that the paths are relative to. */
  readonly root: string;
  readonly paths: AsyncIterable<string> | Iterable<string>;
  readonly workers: number;
  /** Where metrics.py is. */
  readonly modules: string;
  /** Hears of each file as soon as it is measured. */
  readonly onFile?: ((file: FileMetrics, count: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came out, and how long it took from the first path to the last result. */
export interface Measured {
  readonly results: readonly FileMetrics[];
  readonly seconds: number;
}

// Enough that no worker waits for the next path, few enough that none hoards them.
const CHANNEL_CAPACITY = 64;

/** Measures files on as many cores as there are workers. */
export async function measure({
  root,
  paths,
  workers,
  modules,
  onFile,
  signal,
}: Work): Promise<Measured> {
  const jobs = channel<string>({ name: 'paths', capacity: CHANNEL_CAPACITY });
  const metrics = channel<WorkerMessage>({ name: 'metrics', capacity: CHANNEL_CAPACITY });
  const ready = channel<null>({ name: 'go' });

  const network = par(
    javascript(walker, { paths, go: ready.receiver, out: jobs.sender }),
    replicate(workers, (index) =>
      python<number>('metrics:work', [root, jobs.receiver, metrics.sender], {
        name: `worker ${index + 1}`,
        path: [modules],
      }),
    ),
    javascript(collector, { workers, go: ready.sender, metrics: metrics.receiver, onFile }),
  );
  const [, , measured] = await network.run({ signal });
  return measured;
}

interface Walker {
  readonly paths: AsyncIterable<string> | Iterable<string>;
  readonly go: Receiver<null>;
  readonly out: Sender<string>;
}

async function walker({ paths, go, out }: Walker): Promise<void> {
  await go.receive();
  for await (const path of paths) await out.send(path);
}

interface Collector {
  readonly workers: number;
  readonly go: Sender<null>;
  readonly metrics: Receiver<WorkerMessage>;
  readonly onFile: Work['onFile'];
}

async function collector({ workers, go, metrics, onFile }: Collector): Promise<Measured> {
  const results: FileMetrics[] = [];
  let missing = workers;
  let start = performance.now();
  for await (const message of metrics) {
    if (message !== null) {
      results.push(message);
      onFile?.(message, results.length);
      continue;
    }
    missing -= 1;
    if (missing > 0) continue;
    start = performance.now();
    await go.send(null);
  }
  return { results, seconds: (performance.now() - start) / 1000 };
}
