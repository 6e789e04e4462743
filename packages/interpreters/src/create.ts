// What `Interpreter.create` takes, and how it is passed down.

import { MulticoreError, type NativeCreateOptions } from '@multicore-python/core';
import { type Outlet, type Output, outlet } from './output.js';
import type { Isolation } from './reports.js';

/** How an interpreter is created. */
export interface CreateOptions {
  /** Unique among the living; made up if missing. */
  readonly name?: string | undefined;
  /**
   * `own-gil` (the default) runs on a core of its own and refuses extension modules that cannot;
   * `shared-gil` takes those that only mind the GIL; `main` is the main interpreter, for those that
   * run nowhere else: there is one, it takes no other option, and closing it does nothing.
   */
  readonly isolation?: Isolation | undefined;
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

/** Whether the options ask for the main interpreter, which exists already: it takes no others. */
export function isMain(options: CreateOptions): boolean {
  if (options.isolation !== 'main') return false;
  const others = Object.entries(options).flatMap(([name, value]) =>
    name === 'isolation' || value === undefined ? [] : [name],
  );
  if (others.length === 0) return true;
  throw new MulticoreError(
    'ERR_INVALID_ARGUMENT',
    `The main interpreter exists already and takes no ${others.join(', ')}: give { isolation: 'main' } alone`,
  );
}

/** The options as native code takes them. */
export function nativeOptions(options: CreateOptions, out: Outlets): NativeCreateOptions {
  const { name, isolation, serial, path, argv } = options;
  return {
    name,
    isolation: isolation === 'main' ? undefined : isolation,
    serial,
    path,
    argv,
    stdout: out.stdout.native,
    stderr: out.stderr.native,
  };
}
