// What `Interpreter.create` takes, and how it is passed down.

import type { NativeCreateOptions } from '@multicore-python/core';
import { type Outlet, type Output, outlet } from './output.js';

/** How an interpreter is created. */
export interface CreateOptions {
  /** Unique among the living; made up if missing. */
  readonly name?: string | undefined;
  /**
   * `own-gil` (the default) runs on a core of its own and refuses extension modules that cannot;
   * `shared-gil` takes those that only mind the GIL.
   */
  readonly isolation?: 'own-gil' | 'shared-gil' | undefined;
  /** Serial execution mode: Python code inside may not start threads or processes. Default: false. */
  readonly serial?: boolean | undefined;
  /** Directories in front of its `sys.path`. */
  readonly path?: readonly string[] | undefined;
  /** Its `sys.argv`. */
  readonly argv?: readonly string[] | undefined;
  /** Its `sys.stdout`. Default: `inherit`. */
  readonly stdout?: Output | undefined;
  /** Its `sys.stderr`. Default: `inherit`. */
  readonly stderr?: Output | undefined;
}

/** Both outlets of a new interpreter. */
export interface Outlets {
  readonly stdout: Outlet;
  readonly stderr: Outlet;
}

/** The outlets that the options ask for. */
export function outlets(options: CreateOptions): Outlets {
  return { stdout: outlet(options.stdout), stderr: outlet(options.stderr) };
}

/** The options as native code takes them. */
export function nativeOptions(options: CreateOptions, out: Outlets): NativeCreateOptions {
  const { name, isolation, serial, path, argv } = options;
  return {
    name,
    isolation,
    serial,
    path,
    argv,
    stdout: out.stdout.native,
    stderr: out.stderr.native,
  };
}
