// A Python generator that a call returned, as an AsyncIterable. Only the protocol: the generator
// itself stays in its interpreter and runs there, as jobs of it.

import { type NativeRecord, registerRecordKind } from '@multicore-python/core';

/** How a generator reaches its interpreter. */
interface Owner {
  call<T>(path: string, args: readonly unknown[]): Promise<T>;
}

/**
 * A Python generator or asynchronous generator. Each item is asked for when the loop wants it: Python
 * does not run ahead. Leaving the loop early closes the generator, so that its `finally` blocks run.
 *
 * @example
 * const lines = await py.call<PythonGenerator<string>>("logs:tail", ["app.log"]);
 * for await (const line of lines) {
 *   if (line.includes("ready")) break;
 * }
 */
export class PythonGenerator<T = unknown> implements AsyncIterableIterator<T>, AsyncDisposable {
  readonly #owner: Owner;
  readonly #number: number;
  readonly #suffix: '' | '_async';
  #ended = false;

  /** @internal Made when a call returns a generator. */
  constructor(owner: Owner, number: number, asynchronous: boolean) {
    this.#owner = owner;
    this.#number = number;
    this.#suffix = asynchronous ? '_async' : '';
    abandoned.register(this, { owner, number, suffix: this.#suffix }, this);
  }

  /** Runs the generator to its next item. */
  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#ended) return END;
    try {
      const item = await this.#owner.call<readonly [T] | null>(
        `multicore._generators:advance${this.#suffix}`,
        [this.#number],
      );
      if (item !== null) return { done: false, value: item[0] };
    } catch (error) {
      this.#end();
      throw error;
    }
    this.#end();
    return END;
  }

  /** Closes the generator; what its `finally` blocks raise is thrown. */
  async return(): Promise<IteratorResult<T, undefined>> {
    if (!this.#ended) {
      this.#end();
      await close({ owner: this.#owner, number: this.#number, suffix: this.#suffix });
    }
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #end(): void {
    this.#ended = true;
    abandoned.unregister(this);
  }
}

const END: IteratorReturnResult<undefined> = { done: true, value: undefined };

interface Kept {
  readonly owner: Owner;
  readonly number: number;
  readonly suffix: string;
}

function close({ owner, number, suffix }: Kept): Promise<unknown> {
  return owner.call(`multicore._generators:close${suffix}`, [number]);
}

// A generator that nobody holds any more is closed; its interpreter may have gone before it.
const abandoned = new FinalizationRegistry<Kept>((kept) => {
  close(kept).catch(() => undefined);
});

/** Lets calls return generators; `find` gives an interpreter by id. */
export function receiveGenerators(find: (id: number) => Owner | undefined): void {
  registerRecordKind('generator', (record: NativeRecord) => {
    const { interpreter, number, asynchronous } = Object.fromEntries(record.fields);
    const owner = find(Number(interpreter));
    if (owner === undefined) throw new Error(`Interpreter ${String(interpreter)} is gone`);
    return new PythonGenerator(owner, Number(number), asynchronous === true);
  });
}
