// Classes that the program registered so that their instances cross and come back as themselves.
// Rebuilding with it is in crossing.ts.

import type { NativeRecord } from '../native/binding.js';
import { type Class, describeInstances } from './describers.js';

/** How instances of one class are taken apart and rebuilt. */
export interface Registration<T extends object, Fields extends object> {
  /** The name both sides know the type by: what Python's `register` was given, or `module:Class`. */
  readonly name: string;
  /** Takes an instance apart. */
  readonly reduce: (value: T) => Fields;
  /** Rebuilds an instance. */
  readonly rebuild: (fields: Readonly<Fields>) => T;
}

type AnyRegistration = Registration<object, Readonly<Record<string, unknown>>>;

const byName = new Map<string, AnyRegistration>();

/**
 * Lets instances of a class cross to Python and back, in the spirit of Python's `copyreg`.
 *
 * @example
 * class Point { constructor(readonly x: number, readonly y: number) {} }
 * register(Point, {
 *   name: "geometry:Point",
 *   reduce: ({ x, y }) => ({ x, y }),
 *   rebuild: ({ x, y }) => new Point(x, y),
 * });
 */
export function register<T extends object, Fields extends object>(
  type: Class<T>,
  registration: Registration<T, Fields>,
): void {
  const { name, reduce } = registration;
  describeInstances(type, (value) => ({
    as: 'record',
    record: { kind: 'registered', type: name, fields: Object.entries(reduce(value)) },
  }));
  // The table forgets the types; rebuild is only ever called with fields that reduce made.
  byName.set(name, registration as unknown as AnyRegistration);
}

/** The registration under a record's type name, or undefined. */
export function registrationFor(record: NativeRecord): AnyRegistration | undefined {
  return byName.get(record.type);
}
