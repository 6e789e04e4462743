// Where an error gets the rest of its exception from, when somebody asks: native code, which keeps it on the
// error. What is done with it is in python-error.ts.

import type { Binding, NativeException, NativePlainException } from '../native/binding.js';

let read: Binding['exceptionDetails'] = () => undefined;

/** Says how native code is asked. */
export function readDetailsWith(binding: Binding): void {
  read = (error) => binding.exceptionDetails(error);
}

/** The whole record; of an error that native code does not know, what its summary tells. */
export function exceptionDetails(
  error: object,
  { type, message, notes = [] }: NativeException | NativePlainException,
): NativeException {
  const unknown = { traceback: `${type}: ${message}\n`, frames: [], errors: [], attributes: {} };
  return read(error) ?? { type, message, notes, cause: null, ...unknown };
}
