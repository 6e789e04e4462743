// The one error class of every package and the list of its codes.
// No detection or loading logic belongs here: whoever finds a problem writes its message.

/**
 * Every code that an error of this project can carry. Codes are stable: programs may switch on them,
 * messages may change in any release.
 */
export type ErrorCode =
  /** No CPython was found at all, or none of those found can be used. */
  | 'ERR_PYTHON_NOT_FOUND'
  /** The interpreter is older or newer than what is supported. */
  | 'ERR_PYTHON_VERSION'
  /** It is a Python, but not CPython. */
  | 'ERR_PYTHON_IMPLEMENTATION'
  /** The build has no shared libpython to load. */
  | 'ERR_PYTHON_STATIC'
  /** A free-threaded (`3.13t`) build, which has no GIL per interpreter. */
  | 'ERR_PYTHON_FREE_THREADED'
  /** Its libpython is for another processor or C library than this Node. */
  | 'ERR_PYTHON_ARCHITECTURE'
  /** The candidate does not run, hangs, or does not answer as a Python does. */
  | 'ERR_PYTHON_BROKEN'
  /** The native addon, or libpython itself, could not be loaded. */
  | 'ERR_ADDON_LOAD'
  /** Python was already started with another configuration. */
  | 'ERR_ALREADY_CONFIGURED'
  | 'ERR_INTERPRETER_CLOSED'
  | 'ERR_INTERPRETER_BUSY'
  | 'ERR_INTERPRETER_ABANDONED'
  | 'ERR_INTERPRETER_NOT_FOUND'
  | 'ERR_NOT_SHAREABLE'
  | 'ERR_ISOLATION'
  | 'ERR_CHANNEL_CLOSED'
  | 'ERR_CHANNEL_POISONED'
  | 'ERR_CHANNEL_FULL'
  | 'ERR_CHANNEL_EMPTY'
  /** The holder of a lock went away, or a party gave up waiting at a barrier. */
  | 'ERR_BROKEN'
  | 'ERR_TIMEOUT'
  | 'ERR_INTERRUPTED'
  | 'ERR_ABORTED'
  | 'ERR_INVALID_ARGUMENT'
  | 'ERR_POOL_FULL'
  | 'ERR_DEADLOCK'
  /** Python raised: `PythonError` says what. */
  | 'ERR_PYTHON'
  /** A process of a network failed: `ParallelError` says which. */
  | 'ERR_PROCESS_FAILED'
  /** A supervisor gave up: `SupervisionError` says why. */
  | 'ERR_TOO_MANY_RESTARTS'
  /** A defect of this project: please report it. */
  | 'ERR_INTERNAL';

/** What {@link MulticoreError} takes besides its code and message. */
export interface MulticoreErrorOptions {
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/**
 * An error of this project. The message says what happened and what to do about it; the code is for programs.
 *
 * @example
 * ```ts
 * try {
 *   await Interpreter.create();
 * } catch (error) {
 *   if (error instanceof MulticoreError && error.code === 'ERR_PYTHON_NOT_FOUND') {
 *     console.error(error.message); // lists each candidate, its reason and its fix
 *   } else throw error;
 * }
 * ```
 */
export class MulticoreError extends Error {
  /** The stable name of what went wrong. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options: MulticoreErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
  }

  override get name(): string {
    return 'MulticoreError';
  }
}
