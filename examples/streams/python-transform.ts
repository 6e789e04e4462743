// A Python function as a Web TransformStream: chunks in, its results out, in order, on all cores.

import type { PoolFunction } from '@multicore-python/interpreters';

/**
 * A stream that passes every chunk through a function of a pool. It reads as fast as results are taken;
 * cancelling it stops the work under way, and a failure in Python fails the stream.
 *
 * @example
 * readable.pipeThrough(pythonTransform(pool.function<[string], string>("redact:redact")))
 */
export function pythonTransform<In, Out>(
  call: PoolFunction<[In], Out>,
): { readonly writable: WritableStream<In>; readonly readable: ReadableStream<Out> } {
  // An identity stream gives a writable end, and an iterable with backpressure behind it.
  const { writable, readable } = new TransformStream<In, In>();
  const results = call.map(readable);
  return {
    writable,
    readable: new ReadableStream<Out>({
      async pull(controller) {
        const { done, value } = await results.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await results.return();
      },
    }),
  };
}
