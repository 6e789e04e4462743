// A process that is not made of others: it uses its ends while it runs, and lets go of them then.

import type { End } from './holding.js';
import { type Context, Process } from './process.js';

/** A process in Python or in JavaScript. */
export abstract class Leaf<out Result> extends Process<Result> {
  abstract override readonly language: 'javascript' | 'python';
  readonly ends: readonly End[];

  constructor(name: string, ends: readonly End[]) {
    super(name);
    this.ends = ends;
  }

  protected abstract work(context: Context): Promise<Result>;

  override async start(context: Context): Promise<Result> {
    context.signal.throwIfAborted();
    const { tracker } = context;
    return tracker === undefined
      ? await this.work(context)
      : await tracker.run(this, context, (own) => this.work(own));
  }
}
