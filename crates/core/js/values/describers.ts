// How objects say what they are when they cross to Python: a table of classes. Only the table lives
// here; each class enters itself in its own file.

import type { Description } from '../native/binding.js';

/** Says how an instance crosses; undefined: it does not. */
export type Describer<T extends object> = (value: T) => Description | undefined;

/** Any class. */
export type Class<T extends object> = abstract new (...args: never[]) => T;

const describers = new Map<unknown, Describer<object>>();

/**
 * Says how instances of a class, and of its subclasses, cross.
 *
 * @example
 * describeInstances(Metres, (metres) => ({ as: 'float', value: metres.value }));
 */
export function describeInstances<T extends object>(type: Class<T>, describer: Describer<T>): void {
  // Found again only through the prototypes of `type`'s own instances.
  describers.set(type.prototype, describer as Describer<object>);
}

/** How an object crosses, by its class or the nearest one above it that was entered. */
export function describeByClass(value: object): Description | undefined {
  for (
    let type: object | null = Object.getPrototypeOf(value);
    type !== null;
    type = Object.getPrototypeOf(type)
  ) {
    const describer = describers.get(type);
    if (describer !== undefined) return describer(value);
  }
  return undefined;
}
