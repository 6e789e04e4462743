// Processes written in Python. Where their interpreters come from is in warm.ts.

import { loadedBinding } from '@multicore-python/core';
import { type Interpreter, PythonSource, python as source } from '@multicore-python/interpreters';
import { stopHostCall } from './deadlock/host-calls.js';
import { SPARE } from './deadlock/notes.js';
import { endsIn } from './holding.js';
import { Leaf } from './leaf.js';
import type { Context } from './process.js';
import { stopping } from './stopping.js';
import { type InterpreterNeeds, withInterpreter } from './warm.js';

/** How a Python process runs. */
export interface PythonOptions extends InterpreterNeeds {
  /** For error messages; the function's path if missing. */
  readonly name?: string | undefined;
  /** Keyword arguments. */
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds after which it is stopped. */
  readonly timeout?: number | undefined;
  /** Runs in this interpreter instead of one of its own. */
  readonly interpreter?: Interpreter | undefined;
}

/**
 * A process that is a Python function, in an interpreter of its own: on its own core, in serial mode.
 * Channel ends among the arguments arrive as `SendChannel` and `RecvChannel`.
 *
 * @example
 * python<number>("metrics:measure_all", [jobs, results], { path: ["./python"] });
 */
export function python<Result = unknown>(
  target: string,
  args?: readonly unknown[],
  options?: PythonOptions,
): Leaf<Result>;
/**
 * A process that is Python source, run in `__main__` of an interpreter of its own.
 *
 * @example
 * const program = code`for n in ${numbers}: ${squares}.send(n * n)`; // code: the tag of /interpreters
 * python(program, { name: "squares" });
 */
export function python(program: PythonSource, options?: PythonOptions): Leaf<void>;
/**
 * A process that is Python source, given as a template.
 *
 * @example
 * await par(python`for n in ${numbers}: ${squares}.send(n * n)`, sink);
 */
export function python(strings: TemplateStringsArray, ...values: readonly unknown[]): Leaf<void>;
export function python(
  first: string | PythonSource | TemplateStringsArray,
  ...rest: readonly unknown[]
): Leaf<unknown> {
  if (typeof first === 'string') {
    const [args = [], options = {}] = rest as [(readonly unknown[])?, PythonOptions?];
    return new PythonProcess(first, args, options);
  }
  if (first instanceof PythonSource) {
    const [options = {}] = rest as [PythonOptions?];
    return new PythonProcess(first, [], options);
  }
  return new PythonProcess(source(first, ...rest), [], {});
}

class PythonProcess extends Leaf<unknown> {
  override readonly language = 'python';
  readonly #program: string | PythonSource;
  readonly #args: readonly unknown[];
  readonly #options: PythonOptions;

  constructor(program: string | PythonSource, args: readonly unknown[], options: PythonOptions) {
    super(options.name ?? nameOf(program), endsIn([program, args, options.kwargs]));
    this.#program = program;
    this.#args = args;
    this.#options = options;
  }

  protected override async work(context: Context): Promise<unknown> {
    const { interpreter } = this.#options;
    if (interpreter !== undefined) return await this.#runIn(interpreter, context);
    return await withInterpreter(this.#options, typeof this.#program !== 'string', (py) =>
      this.#runIn(py, context),
    );
  }

  async #runIn(
    py: Interpreter,
    { signal, member, deadlines, isGentle = false }: Context,
  ): Promise<unknown> {
    // It took a while to get the interpreter.
    signal.throwIfAborted();
    member?.runsIn(py);
    const stop = stopping(signal, py, deadlines);
    const agent = `${py.id}/job`;
    // Before the interrupt: what it runs or waits for elsewhere.
    const onStop = (): void => {
      stopHostCall(agent, signal.reason);
      if (isGentle) loadedBinding().setNote(agent, SPARE, true);
    };
    stop.signal.addEventListener('abort', onStop);
    const { kwargs, timeout } = this.#options;
    try {
      if (typeof this.#program !== 'string')
        return await py.exec(this.#program, { signal: stop.signal, timeout });
      return await py.call(this.#program, this.#args, { kwargs, signal: stop.signal, timeout });
    } finally {
      stop.ended();
      stop.signal.removeEventListener('abort', onStop);
      if (isGentle && stop.signal.aborted) loadedBinding().setNote(agent, SPARE, null);
    }
  }
}

function nameOf(program: string | PythonSource): string {
  if (typeof program === 'string') return program;
  const line = program.text.trim().split('\n', 1)[0] ?? '';
  return `python\`${line.length > 40 ? `${line.slice(0, 39)}…` : line}\``;
}
