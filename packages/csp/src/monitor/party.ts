// Who can have a part in a deadlock, as far as the rest needs to know. Nothing about when it is one.

import type { End } from '../holding.js';

/** A process, or somebody who waits for one: of this environment, or of an interpreter. */
export interface Party {
  readonly name: string;
  readonly language: 'javascript' | 'python';
  /** The ends that it was handed, in this environment. */
  readonly ends: readonly End[];
  /** Where it runs, if that is an interpreter. */
  readonly interpreter?: { readonly id: number } | undefined;
}
