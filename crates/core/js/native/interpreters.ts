// Interpreters: making, knowing and ending them. Types only.

import type { Handle } from './handle.js';

/** What `Interpreter.create` passes down. */
export interface NativeCreateOptions {
  readonly name?: string | undefined;
  readonly isolation?: 'own-gil' | 'shared-gil' | undefined;
  readonly serial?: boolean | undefined;
  readonly path?: readonly string[] | undefined;
  readonly argv?: readonly string[] | undefined;
  /** A function receives each piece of text, in order with results. */
  readonly stdout?: 'inherit' | 'ignore' | ((text: string) => void) | undefined;
  readonly stderr?: 'inherit' | 'ignore' | ((text: string) => void) | undefined;
}

export interface NativeInterpreterInfo {
  /** CPython's id; 0 is the main interpreter. */
  readonly id: number;
  readonly name: string;
  readonly isolation: 'own-gil' | 'shared-gil' | 'main';
  readonly serial: boolean;
}

export interface NativeInterpreterStats {
  readonly jobs: number;
  readonly pending: number;
  /** Milliseconds. */
  readonly busy: number;
  /** Milliseconds. */
  readonly cpu: number;
  readonly allocatedBytes: number;
  readonly threads: number;
}

export interface NativeCloseReport {
  readonly abandoned: string | null;
  /** Only there if its memory could not be given back. */
  readonly kept?: string;
}

/** Interpreters of the process. */
export interface InterpreterFunctions {
  createInterpreter(options: NativeCreateOptions): Promise<Handle>;
  createInterpreterSync(options: NativeCreateOptions): Handle;
  mainInterpreter(): Handle;
  /** Handles of every living interpreter of the process. */
  listInterpreters(): Handle[];
  interpreterInfo(interpreter: Handle): NativeInterpreterInfo;
  interpreterState(interpreter: Handle): 'idle' | 'running' | 'closing' | 'closed';
  /** Threads that its tasks have left, those of executors included, as of the last job; only in pools. */
  strayThreads(interpreter: Handle): number;
  interpreterStats(interpreter: Handle): NativeInterpreterStats;
  /** timeout in milliseconds, Infinity: wait forever. */
  closeInterpreter(interpreter: Handle, timeout: number): Promise<NativeCloseReport>;
  interrupt(interpreter: Handle): void;
}
