// Why an operation failed, as native code tells it. Types only: errors are made of it in `js/failures`.

/** The exception record that `errors` turns into a `PythonError`. */
export interface NativeException {
  readonly type: string;
  readonly message: string;
  readonly traceback: string;
  readonly frames: readonly NativeFrame[];
  readonly notes: readonly string[];
  readonly cause: NativeException | null;
  readonly errors: readonly NativeException[];
  /** `host_error`, if it is there, is the very error object that a JavaScript function threw. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** An exception without causes and members, of which most errors need no more than this: the rest is `exceptionDetails`. */
export interface NativePlainException {
  readonly kind: 'plain-exception';
  readonly interpreter: string;
  readonly type: string;
  readonly message: string;
  /** Missing if there are none. */
  readonly notes?: readonly string[];
}

export interface NativeFrame {
  readonly filename: string;
  readonly function: string;
  readonly line: number;
  readonly column: number;
  readonly source: string;
}

/**
 * Why an operation failed. Native code never makes `Error` objects of its own for these: it calls
 * `hooks.makeError(failure)` and rejects or throws with what that returns.
 */
export type NativeFailure =
  | NativePlainException
  | {
      readonly kind: 'exception';
      readonly exception: NativeException;
      readonly interpreter: string;
    }
  | {
      readonly kind: 'not-shareable';
      /** `$[2].conn` */
      readonly path: string;
      readonly type: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'stopped';
      readonly why: 'interrupted' | 'timeout' | 'cancelled' | 'closing';
      readonly timeout?: number;
      /** It was asked to stop and has not. */
      readonly stillRunning?: boolean;
    }
  | { readonly kind: 'closed' | 'abandoned' | 'busy'; readonly interpreter: string }
  | {
      readonly kind: 'channel';
      readonly why: 'closed' | 'poisoned' | 'full' | 'empty' | 'timeout' | 'cancelled';
      readonly reason?: string;
    }
  | { readonly kind: 'start'; readonly why: 'already-started' | 'python'; readonly message: string }
  | {
      readonly kind: 'create';
      readonly why: 'not-started' | 'name-taken' | 'python';
      readonly message: string;
    }
  | { readonly kind: 'invalid'; readonly message: string };
