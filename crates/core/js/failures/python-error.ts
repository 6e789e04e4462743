// What a Python exception is in TypeScript. Making it from native data is here too; other failures
// are in from-failure.ts.

import type { NativeException, NativeFrame } from '../native/binding.js';
import { hostErrorOf } from './host-error.js';
import { showForeignFrames, type WithForeignFrames } from './stack.js';

/** One frame of a Python traceback. */
export interface PythonFrame {
  /** The file, or the made-up name of a source given as text. */
  readonly filename: string;
  readonly function: string;
  /** From 1; 0 if unknown. */
  readonly line: number;
  /** From 1; 0 if unknown. */
  readonly column: number;
  /** The text of the line; empty if unknown. */
  readonly source: string;
}

/**
 * Python raised an exception. `stack` shows Python's frames above JavaScript's.
 *
 * @example
 * try {
 *   await py.evaluate("{}['missing']");
 * } catch (error) {
 *   if (error instanceof PythonError && error.pythonType === "KeyError") console.log(error.traceback);
 *   else throw error;
 * }
 */
export class PythonError extends Error implements WithForeignFrames {
  /** The same for every Python exception: `pythonType` tells them apart. */
  readonly code = 'ERR_PYTHON';
  /** The exception's type, with its module unless that is `builtins`: `KeyError`, `json.decoder.JSONDecodeError`. */
  readonly pythonType: string;
  /** `str(exception)`: the message without the type in front. */
  readonly pythonMessage: string;
  /** The whole traceback as Python prints it. */
  readonly traceback: string;
  /** The frames of the traceback, outermost first, as Python lists them. */
  readonly frames: readonly PythonFrame[];
  /** What `add_note` added. */
  readonly notes: readonly string[];
  /** The exceptions of an exception group; empty for any other exception. */
  readonly errors: readonly PythonError[];
  /** What else the exception carries: `errno`, the position in a `SyntaxError`, `name` of an `ImportError`. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The name of the interpreter in which it was raised. */
  readonly interpreter: string;

  constructor(exception: NativeException, interpreter: string) {
    const cause = exception.cause;
    super(
      messageOf(exception),
      cause === null
        ? undefined
        : { cause: hostErrorOf(cause) ?? new PythonError(cause, interpreter) },
    );
    this.pythonType = exception.type;
    this.pythonMessage = exception.message;
    this.traceback = exception.traceback;
    this.frames = exception.frames;
    this.notes = exception.notes;
    this.errors = exception.errors.map((error) => new PythonError(error, interpreter));
    this.attributes = exception.attributes;
    this.interpreter = interpreter;
    // Quiet when printed: the stack says it all.
    for (const name of ['traceback', 'frames', 'notes', 'errors', 'attributes', 'pythonMessage']) {
      const empty = name === 'errors' && this.errors.length > 0;
      Object.defineProperty(this, name, { enumerable: empty });
    }
    showForeignFrames(this);
  }

  override get name(): string {
    return 'PythonError';
  }

  /** @internal */
  get foreignFrames(): readonly NativeFrame[] {
    return this.frames;
  }
}

function messageOf(exception: NativeException): string {
  const type = exception.type.slice(exception.type.lastIndexOf('.') + 1);
  const notes = exception.notes.map((note) => `\n${note}`).join('');
  return (exception.message === '' ? type : `${type}: ${exception.message}`) + notes;
}
