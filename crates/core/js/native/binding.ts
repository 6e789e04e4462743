// The functions of the native addon, typed: the contract between `crates/core/src/node` and the packages,
// a file for each kind. Types only; nothing runs here. Users never see it.

import type { CallFunctions } from './calls.js';
import type { ChannelFunctions } from './channels.js';
import type { NativeException } from './failures.js';
import type { Handle } from './handle.js';
import type { Hooks } from './hooks.js';
import type { InterpreterFunctions } from './interpreters.js';
import type { MemoryFunctions } from './memory.js';
import type { SyncFunctions } from './sync.js';
import type { WatchingFunctions } from './watching.js';

export type * from './calls.js';
export type * from './channels.js';
export type * from './failures.js';
export type * from './handle.js';
export type * from './hooks.js';
export type * from './interpreters.js';
export type * from './memory.js';
export type * from './sync.js';
export type * from './watching.js';

export interface NativeStartOptions {
  readonly executable: string;
  readonly path: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Flags for extension modules; undefined keeps Python's own. */
  readonly dlopenFlags?: number | undefined;
}

/** Everything that the addon exports. */
export interface Binding
  extends InterpreterFunctions,
    CallFunctions,
    ChannelFunctions,
    SyncFunctions,
    MemoryFunctions,
    WatchingFunctions {
  setHooks(hooks: Hooks): void;
  /**
   * How many bytes of memory there are for the process, of which no single value may take more than half, and how large
   * the heap of this environment may become, in which every value has to fit.
   */
  setMemory(bytes: number, heap: number): void;
  /** The whole record of the exception that an error from `makeError` stands for; undefined for anything else. */
  exceptionDetails(error: object): NativeException | undefined;
  /** Starts CPython; resolves when it is up. */
  start(options: NativeStartOptions): Promise<void>;
  startSync(options: NativeStartOptions): void;
  /** Gives a handle back (garbage collection, `close`). Harmless when it is gone. */
  release(handle: Handle): void;
  /** e.g. `3.13.0`, after `start`. */
  pythonVersion(): string | undefined;
}
