// The tasks of the parallel suite, as python/bench_work.py has them, and the way Node hands them out.

/** Arguments of `count_primes`. */
export type Task = readonly [start: number, stop: number];

const STEP = 6000;
const FIRST = 50_000;

/** Shares of the same size. */
export const EQUAL: readonly Task[] = Array.from({ length: 16 }, (_, index) => [
  FIRST + index * STEP,
  FIRST + (index + 1) * STEP,
]);

/** As many times the same work as there are workers (weak scaling). */
export const weak = (workers: number): readonly Task[] => Array(workers).fill(EQUAL).flat();

/** Shares of which the largest is 30 times the smallest; large ones last. */
export const UNEVEN: readonly Task[] = [
  800, 1200, 1200, 1600, 2000, 2000, 2800, 3600, 6000, 8000, 12_000, 24_000, 24_000,
].map((size) => [FIRST, FIRST + size]);

/** Gives the next task to whoever is free, and adds up the results. */
export async function share<T, Worker>(
  workers: readonly Worker[],
  tasks: readonly T[],
  run: (worker: Worker, task: T) => Promise<number>,
): Promise<number> {
  let next = 0;
  let sum = 0;
  await Promise.all(
    workers.map(async (worker) => {
      while (next < tasks.length) {
        const task = tasks[next] as T;
        next += 1;
        // Not `sum += await …`: that would read the sum before it waits.
        const value = await run(worker, task);
        sum += value;
      }
    }),
  );
  return sum;
}

/** How many workers the workloads are made for. */
export const WORKERS: readonly number[] = [1, 2, 4, 8];
