// The native side of an interpreter, for the rest of this package: users of the class do not see it.

import type { Binding, Handle } from '@multicore-python/core';
import type { Interpreter } from './interpreter.js';

/** What native functions take. */
export interface Inside {
  readonly binding: Binding;
  readonly handle: Handle;
}

let look: ((py: Interpreter) => Inside) | undefined;

/** Called by the class itself, when it is defined. */
export function letInside(inside: (py: Interpreter) => Inside): void {
  look = inside;
}

/** The native side of an interpreter. */
export function inside(py: Interpreter): Inside {
  if (look === undefined) throw new Error('The class Interpreter is not loaded');
  return look(py);
}
