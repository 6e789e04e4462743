// What a Python exception is in TypeScript. Making it from native data is here too; other failures
// are in from-failure.ts.

import type { NativeException, NativeFrame, NativePlainException } from '../native/binding.js';
import { exceptionDetails } from './details.js';
import { hostErrorOf } from './host-error.js';
import {
  type CallSite,
  limitStacks,
  type StackEdge,
  showForeignFrames,
  type WithForeignFrames,
} from './stack.js';

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
  /** The name of the interpreter in which it was raised. */
  readonly interpreter: string;

  // Quiet when printed: the stack says it all.
  readonly #summary: NativeException | NativePlainException;
  #details: NativeException | undefined;
  readonly #callSite: CallSite;

  /** `below`: JavaScript's frames above that function are shown, those of the program; `null`: none, for parts of another error. */
  constructor(
    exception: NativeException | NativePlainException,
    interpreter: string,
    below: StackEdge | null = PythonError,
  ) {
    const details = 'kind' in exception ? undefined : exception;
    const message = messageOf(exception);
    const options = details === undefined ? undefined : optionsOf(details, interpreter);
    // V8's own stack is replaced below: it has nothing to capture.
    const limit = Error.stackTraceLimit;
    limitStacks(0);
    super(message, options);
    limitStacks(limit);
    this.pythonType = exception.type;
    this.interpreter = interpreter;
    this.#summary = exception;
    this.#details = details;
    this.#callSite = { name: 'PythonError', message };
    if (details !== undefined && details.errors.length > 0) {
      const errors = details.errors.map((error) => new PythonError(error, interpreter, null));
      Object.defineProperty(this, 'errors', { value: errors, enumerable: true });
    }
    showForeignFrames(this, below);
  }

  /** `str(exception)`: the message without the type in front. */
  get pythonMessage(): string {
    return this.#summary.message;
  }

  /** The whole traceback as Python prints it. */
  get traceback(): string {
    return this.#whole.traceback;
  }

  /** The frames of the traceback, outermost first, as Python lists them. */
  get frames(): readonly PythonFrame[] {
    return this.#whole.frames;
  }

  /** What `add_note` added. */
  get notes(): readonly string[] {
    return this.#summary.notes ?? [];
  }

  /**
   * The exceptions of an exception group; undefined for any other exception. As an `AggregateError` alone has them:
   * whatever prints or logs errors would show an empty list for each.
   */
  get errors(): readonly PythonError[] | undefined {
    return undefined;
  }

  /** What else the exception carries: `errno`, the position in a `SyntaxError`, `name` of an `ImportError`. */
  get attributes(): Readonly<Record<string, unknown>> {
    return this.#whole.attributes;
  }

  override get name(): string {
    return 'PythonError';
  }

  /** All that is known, fetched when somebody asks: most errors are caught and forgotten. */
  get #whole(): NativeException {
    this.#details ??= exceptionDetails(this, this.#summary);
    return this.#details;
  }

  /** @internal */
  get foreignFrames(): readonly NativeFrame[] {
    return this.#whole.frames;
  }

  /** @internal */
  get callSite(): CallSite {
    return this.#callSite;
  }
}

function optionsOf({ cause }: NativeException, interpreter: string): ErrorOptions | undefined {
  return cause === null
    ? undefined
    : { cause: hostErrorOf(cause) ?? new PythonError(cause, interpreter, null) };
}

function messageOf(exception: NativeException | NativePlainException): string {
  const type = exception.type.slice(exception.type.lastIndexOf('.') + 1);
  const notes = exception.notes?.map((note) => `\n${note}`).join('') ?? '';
  return (exception.message === '' ? type : `${type}: ${exception.message}`) + notes;
}
