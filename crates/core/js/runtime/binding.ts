// The native addon of this environment: found, loaded, given its hooks and started, each once and
// only when something needs it. Nothing happens at import.

import { loadBinding, lockConfiguration, pythonInfo } from '../load/index.js';
import type { Binding, NativeStartOptions } from '../native/binding.js';
import { hooks } from './hooks.js';

let loaded: Binding | undefined;
let starting: Promise<Binding> | undefined;
let started: Binding | undefined;

/** The addon, loaded; Python may not run yet. Enough for channels. */
export function loadedBinding(): Binding {
  if (loaded === undefined) {
    // The only place that says what the addon exports: the contract in native/binding.ts.
    const binding = loadBinding(pythonInfo()) as Binding;
    binding.setHooks(hooks);
    loaded = binding;
  }
  return loaded;
}

/** The addon with CPython running. The event loop goes on while it starts. */
export function startedBinding(): Promise<Binding> {
  starting ??= start();
  return starting;
}

/** The addon with CPython running; blocks until it does. */
export function startedBindingSync(): Binding {
  if (started === undefined) {
    const binding = loadedBinding();
    binding.startSync(startOptions());
    started = binding;
  }
  return started;
}

/** The addon if this environment started CPython already. */
export function runningBinding(): Binding | undefined {
  return started;
}

async function start(): Promise<Binding> {
  try {
    const binding = loadedBinding();
    if (started === undefined) await binding.start(startOptions());
    started = binding;
    return binding;
  } catch (error) {
    // A failure is not kept: `configure` may put it right.
    starting = undefined;
    throw error;
  }
}

function startOptions(): NativeStartOptions {
  const { path = [], env = {} } = lockConfiguration();
  return { executable: pythonInfo().executable, path, env };
}
