// Going through an input with so many tasks under way at once, as an async iterable with
// backpressure: the input is read only as fast as results are taken.

/** How to go. */
export interface MapPlan {
  readonly concurrency: number;
  readonly ordered: boolean;
}

/**
 * Results of `task` for each item of the input. The first failure ends it: no further task starts,
 * and `stop` is called; so it is when the loop over the results is left.
 */
export async function* mapWith<T, R>(
  input: Iterable<T> | AsyncIterable<T>,
  task: (item: T) => Promise<R>,
  { concurrency, ordered }: MapPlan,
  stop: () => void,
): AsyncGenerator<R, void, undefined> {
  const iterator = iteratorOf(input);
  const underWay: Promise<R>[] = [];
  let isInputLeft = true;
  try {
    while (true) {
      while (isInputLeft && underWay.length < concurrency) {
        const step = await iterator.next();
        if (step.done) {
          isInputLeft = false;
          break;
        }
        const running = task(step.value);
        // A failure is seen when its turn comes; until then it is not unhandled.
        running.catch(() => {});
        underWay.push(running);
      }
      if (underWay.length === 0) return;
      const index = ordered ? 0 : await firstSettled(underWay);
      const [next] = underWay.splice(index, 1);
      if (next !== undefined) yield await next;
    }
  } finally {
    stop();
    if (isInputLeft) await iterator.return?.();
    await Promise.allSettled(underWay);
  }
}

function firstSettled(promises: readonly Promise<unknown>[]): Promise<number> {
  return Promise.race(
    promises.map((promise, index) =>
      promise.then(
        () => index,
        () => index,
      ),
    ),
  );
}

function iteratorOf<T>(input: Iterable<T> | AsyncIterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]();
}
