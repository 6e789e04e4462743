// How our value classes look in console.log. Nothing else.

import type { Class } from './describers.js';

/** Shows instances of a class in Node's console as something else. */
export function showAs<T extends object>(type: Class<T>, shown: (value: T) => unknown): void {
  Object.defineProperty(type.prototype, Symbol.for('nodejs.util.inspect.custom'), {
    value(this: T): unknown {
      return shown(this);
    },
  });
}
