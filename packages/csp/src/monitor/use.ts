// What a program does with the promise of something that is under way. Found out by who looks at it;
// what follows from it is for ../deadlock.

/** How a program uses the promise of something under way. */
export type Use =
  /** Not at all: the process goes on meanwhile. */
  | 'unused'
  /** It awaits it, alone or together with others: the process cannot go on without it. */
  | 'awaited'
  /** It does something else with it: perhaps the process can go on without it. */
  | 'open';

/** Something under way, and what is done with its promise. */
export class Watched {
  use: Use = 'unused';

  /** `await`, or one of Promise's functions, looks at its promise. */
  looked(): void {
    if (this.use === 'unused') this.use = 'awaited';
  }

  /** Somebody uses it so; once it is open, it stays so. */
  used(use: Use): void {
    if (this.use !== 'open') this.use = use;
  }

  /** Somebody attached to its promise. */
  attached(below: (...args: never[]) => unknown): void {
    if (this.use === 'open') return;
    const caller = callerOf(below);
    // An async function that returns it attaches with nobody below.
    this.use = caller === '' || /\.all(?:Settled)? /.test(caller) ? 'awaited' : 'open';
  }
}

/** Whether the accessor that asks, which is `below`, was read by a function that goes on with the first of several. */
export function isRaced(below: (...args: never[]) => unknown): boolean {
  return /\.(?:race|any) /.test(callerOf(below));
}

/** Whether the function that asks, which is `below`, was called by code of the program, and not by `await`. */
export function isCalled(below: (...args: never[]) => unknown): boolean {
  return /^\s+at (?!async )/.test(callerOf(below));
}

function callerOf(below: (...args: never[]) => unknown): string {
  const trace: { stack?: string } = {};
  capture(trace, below, 1);
  const caller = trace.stack?.split('\n')[1] ?? '';
  // Node's own turn of the queue of promises is nobody's call.
  return caller.includes('node:internal/process/task_queues') ? '' : caller;
}

/** Notes the stack above `below`. */
export function capture(
  holder: { stack?: string },
  below: (...args: never[]) => unknown,
  frames: number,
): void {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = frames;
  Error.captureStackTrace(holder, below);
  Error.stackTraceLimit = before;
}
