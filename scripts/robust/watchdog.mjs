// Ends a program whose main thread hangs, where no timer of its own can: from a Worker.
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/** Gives a function to call with a number while all is well; after so many seconds without, the process dies. */
export function watch(seconds) {
  const beat = new BigInt64Array(new SharedArrayBuffer(16));
  const worker = new Worker(new URL(import.meta.url), { workerData: { beat, seconds } });
  worker.unref();
  return (number) => {
    Atomics.store(beat, 0, BigInt(number));
    Atomics.add(beat, 1, 1n);
  };
}

if (!isMainThread && workerData?.beat !== undefined) {
  const { beat, seconds } = workerData;
  let last = -1n;
  setInterval(() => {
    const now = Atomics.load(beat, 1);
    if (now === last) {
      // Written at once: console.error of a Worker goes through the thread that hangs.
      process.report.reportOnFatalError = false;
      const { writeSync } = process.getBuiltinModule('node:fs');
      writeSync(2, `Hangs: more than ${seconds} s in step ${Atomics.load(beat, 0)}\n`);
      process.kill(process.pid, 'SIGABRT');
    }
    last = now;
  }, seconds * 1000);
}
