// The addon itself, without the packages: with hooks of its own that hide nothing. No tests here.

import { currentHost } from '../../js/discovery/host.js';
import { findPython } from '../../js/discovery/index.js';
import type { PythonInfo } from '../../js/discovery/types.js';
import { loadBinding } from '../../js/load/binding.js';
import { locateBinary } from '../../js/load/locate.js';
import type {
  Binding,
  Description,
  Handle,
  Hooks,
  NativeFailure,
} from '../../js/native/binding.js';

/** What `makeError` makes here: the failure itself, unabridged. */
export class Failure extends Error {
  readonly failure: NativeFailure;

  constructor(failure: NativeFailure) {
    super(JSON.stringify(failure));
    this.failure = failure;
  }
}

/** An object that says by itself what it crosses as. */
export class Described {
  readonly description: Description | undefined;

  constructor(description: Description | undefined) {
    this.description = description;
  }
}

/** A shared thing as it arrives. */
export class Arrived extends Described {
  readonly kind: string;
  readonly handle: Handle;
  readonly info: unknown;

  constructor(kind: string, handle: Handle, info: unknown) {
    super({ as: 'shared', handle });
    this.kind = kind;
    this.handle = handle;
    this.info = info;
  }
}

export const plainHooks: Hooks = {
  makeError(failure) {
    const own =
      failure.kind === 'exception' ? failure.exception.attributes['host_error'] : undefined;
    return own instanceof Error ? own : new Failure(failure);
  },
  describe: (value) => (value instanceof Described ? value.description : undefined),
  wrapShared: (kind, handle, info) => new Arrived(kind, handle, info),
  wrapRecord: (record) => ({ record }),
  makeComplex: (re, im) => new Described({ as: 'complex', re, im }),
  makeReadonlyMap: (entries) => new Map(entries),
  makeReadonlySet: (items) => new Set(items),
  jobsEnded() {},
  hostCalled: (_agent, called, args) => called(...args),
  soon(callback) {
    setImmediate(callback);
    return true;
  },
  after(callback, ms) {
    setTimeout(callback, ms);
    return true;
  },
};

let python: PythonInfo | undefined;

/** The Python that the tests use. */
export function usedPython(): PythonInfo {
  python ??= findPython();
  return python;
}

/** The addon, hooked. */
export function load(): Binding {
  const binding = loadBinding(usedPython()) as Binding;
  binding.setHooks(plainHooks);
  return binding;
}

/** The addon with CPython running. */
export function loadStarted(): Binding {
  const binding = load();
  binding.startSync({ executable: usedPython().executable, path: [], env: {} });
  return binding;
}

/** What a program or Worker of its own needs to load the addon: plain data. */
export function whereabouts(): { libpython: string; addon: string; executable: string } {
  const { path } = locateBinary(currentHost());
  if (path === null) throw new Error('the addon is not built: npm run build:native');
  return { libpython: usedPython().libpython, executable: usedPython().executable, addon: path };
}

/** The failure that `action` throws or rejects with. */
export async function failureOf(action: () => unknown): Promise<NativeFailure> {
  try {
    await action();
  } catch (error) {
    if (error instanceof Failure) return error.failure;
    throw error;
  }
  throw new Error('it did not fail');
}
