// Processes written in JavaScript. Nothing about Python here.

import { endsIn } from './holding.js';
import { Leaf } from './leaf.js';
import type { Context } from './process.js';

/** What the body of a JavaScript process is given besides what it was handed. */
export interface Given {
  /** Aborts when the process should stop. */
  readonly signal: AbortSignal;
}

/** The body of a JavaScript process. */
export type Body<Handed extends object, Result> = (
  given: Handed & Given,
) => Result | PromiseLike<Result>;

/**
 * A process that is an async function. Hand it its channel ends as an object: then they are left when
 * it ends, and poisoned when another process fails.
 *
 * @example
 * const numbers = javascript(async ({ out }) => {
 *   for (let n = 0; n < 10; n += 1) await out.send(n);
 * }, { out: sender });
 */
export function javascript<Result, Handed extends object = object>(
  body: Body<Handed, Result>,
  handed?: Handed,
  options: { readonly name?: string | undefined } = {},
): Leaf<Result> {
  return new JavaScriptProcess(
    options.name ?? (body.name || 'javascript'),
    body,
    handed ?? ({} as Handed),
  );
}

class JavaScriptProcess<Handed extends object, Result> extends Leaf<Result> {
  override readonly language = 'javascript';
  readonly #body: Body<Handed, Result>;
  readonly #handed: Handed;

  constructor(name: string, body: Body<Handed, Result>, handed: Handed) {
    super(name, endsIn({ ...handed }));
    this.#body = body;
    this.#handed = handed;
  }

  protected override async work({ signal }: Context): Promise<Result> {
    return await this.#body({ ...this.#handed, signal });
  }
}
