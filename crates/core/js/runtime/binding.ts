// The native addon of this environment: found, loaded, given its hooks and started, each once and
// only when something needs it. Nothing happens at import.

import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { readDetailsWith } from '../failures/details.js';
import { joinBinding, loadBinding, lockConfiguration, pythonInfo } from '../load/index.js';
import type { Binding, NativeStartOptions } from '../native/binding.js';
import { hooks } from './hooks.js';

let loaded: Binding | undefined;
/** The addon, loaded because others in the process have: no CPython was chosen here. */
let joined: Binding | undefined;
let starting: Promise<Binding> | undefined;
let started: Binding | undefined;

/** Who wants the addon once it is loaded. */
const waiting = new Set<(binding: Binding) => void>();

/** Calls `use` with the addon when something has loaded it, now or later. Loads nothing. */
export function whenLoaded(use: (binding: Binding) => void): void {
  const binding = loaded ?? joined;
  if (binding === undefined) waiting.add(use);
  else use(binding);
}

/** The addon, loaded; Python may not run yet. Enough for channels. */
export function loadedBinding(): Binding {
  loaded ??= isRunning(joined) ? joined : withHooks(loadBinding(pythonInfo()));
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

/**
 * The addon if CPython runs, whichever environment of the process (the main thread, a Worker) started
 * it. Starts nothing, and chooses no CPython.
 */
export function runningBinding(): Binding | undefined {
  if (started !== undefined) return started;
  const binding = loaded ?? joinedBinding();
  return isRunning(binding) ? binding : undefined;
}

function isRunning(binding: Binding | undefined): binding is Binding {
  if (binding === undefined) return false;
  const handles = binding.listInterpreters();
  for (const handle of handles) binding.release(handle);
  return handles.length > 0;
}

function joinedBinding(): Binding | undefined {
  if (joined === undefined) {
    const exports = joinBinding();
    if (exports !== undefined) joined = withHooks(exports);
  }
  return joined;
}

function withHooks(exports: unknown): Binding {
  // The only place that says what the addon exports: the contract in native/binding.ts.
  const binding = exports as Binding;
  if (binding !== joined) {
    binding.setHooks(hooks);
    binding.setMemory(memoryOfProcess(), getHeapStatistics().heap_size_limit);
  }
  readDetailsWith(binding);
  for (const use of waiting) use(binding);
  waiting.clear();
  return binding;
}

/** What the machine has, or what the process was given of it (a control group's limit). In bytes. */
function memoryOfProcess(): number {
  // 0 or an enormous number where there is no limit.
  const limit = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  return Math.min(totalmem(), limit);
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
