// The functions of the native addon, typed: the contract between `crates/core/src/node` and the
// packages. Types only; nothing runs here. Users never see it.

/** Index of something native that this environment holds: generation-checked, never reused for another kind. */
export type Handle = number & { readonly __handle: unique symbol };

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

export interface NativeStartOptions {
  readonly executable: string;
  readonly path: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Flags for extension modules; undefined keeps Python's own. */
  readonly dlopenFlags?: number | undefined;
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

export interface NativeChannelStats {
  readonly id: number;
  readonly name: string | null;
  readonly length: number;
  /** Infinity: unbounded. 0: rendezvous. */
  readonly capacity: number;
  readonly sent: number;
  readonly received: number;
  readonly dropped: number;
  readonly waitingSenders: number;
  readonly waitingReceivers: number;
  /** Milliseconds in total. */
  readonly sendWait: number;
  readonly receiveWait: number;
  /** Milliseconds, null when empty or unknown. */
  readonly oldestAge: number | null;
  readonly senders: number;
  readonly receivers: number;
  readonly closed: boolean;
  readonly poisoned: string | null;
}

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

/** What kind of shared thing a handle is. */
export type SharedKind =
  | 'sender'
  | 'receiver'
  | 'interpreter'
  | 'python-function'
  | 'generator'
  | 'buffer'
  | 'lock'
  | 'semaphore'
  | 'event'
  | 'condition'
  | 'barrier';

/** A record as it crosses (an instance of a class that opted in). */
export interface NativeRecord {
  /** `dataclass`, `enum`, `namedtuple`, `datetime`, `date`, `time`, `timedelta`, `decimal`, `fraction`, `uuid`, `path`, `registered`, … */
  readonly kind: string;
  /** `module:qualname`, or the registered name. */
  readonly type: string;
  readonly fields: readonly (readonly [name: string, value: unknown])[];
}

/**
 * What an object that native code does not know converts to: the answer of `hooks.describe`.
 * `undefined` refuses it.
 */
export type Description =
  | { readonly as: 'shared'; readonly handle: Handle }
  | { readonly as: 'float'; readonly value: number }
  | { readonly as: 'complex'; readonly re: number; readonly im: number }
  | { readonly as: 'record'; readonly record: NativeRecord }
  /** An array whose items all are numbers, packed: `list` or `tuple` of int/float, by the usual rule for each. */
  | { readonly as: 'numbers'; readonly values: Float64Array }
  /** Convert this instead. */
  | { readonly as: 'value'; readonly value: unknown };

/** What `wrapShared` is told of a channel end. */
export interface NativeEndInfo {
  /** The channel's number, unique in the process. */
  readonly id: number;
  readonly name: string | null;
  /** Infinity: unbounded. 0: rendezvous. */
  readonly capacity: number;
}

/** What TypeScript gives native code, once per environment. */
export interface Hooks {
  makeError(failure: NativeFailure): Error;
  /** An object that is none of: array, plain object, Map, Set, Uint8Array/Buffer/ArrayBuffer, function. */
  describe(value: object): Description | undefined;
  /**
   * A shared thing arrived: the object that stands for it. The handle is a new one each time, and
   * counts as one more end of a channel: release it if there is an object already.
   * `info` of an end is a `NativeEndInfo`, of an interpreter a `NativeInterpreterInfo`.
   */
  wrapShared(kind: SharedKind, handle: Handle, info: unknown): object;
  /** A record arrived. */
  wrapRecord(record: NativeRecord): unknown;
  makeComplex(re: number, im: number): object;
  /** A read-only map for mappings with keys that are not all strings. */
  makeReadonlyMap(entries: readonly (readonly [unknown, unknown])[]): ReadonlyMap<unknown, unknown>;
  makeReadonlySet(items: readonly unknown[]): ReadonlySet<unknown>;
  /** Jobs of `callMany` ended: for each its number, whether it has a result, and the result or the error. */
  jobsEnded(...ended: readonly unknown[]): void;
  /**
   * Python calls a function of JavaScript's while `watchWaits` is on, and waits for what this returns.
   * `agent`: who waits, as in labels: `<interpreter's id>/<kind>`.
   */
  hostCalled(
    agent: string,
    called: (...args: readonly unknown[]) => unknown,
    args: readonly unknown[],
  ): unknown;
  /** Calls back when the event loop has gone round, in no asynchronous context; false: it will not. */
  soon(callback: () => void): boolean;
  /** The same after some milliseconds. */
  after(callback: () => void, ms: number): boolean;
}

/**
 * What became of `callEach`. `outcome`: the error of the item after the results if `isOk` is false;
 * the result of that item if `awaits` is true, because its function returned a coroutine.
 */
export type NativeEach = readonly [
  results: readonly unknown[],
  /** Milliseconds that the calls took. */
  ms: number,
  awaits: boolean,
  isOk: boolean,
  outcome: unknown,
];

/** One case of an operation that waits at a channel. */
export interface NativeWaiter {
  readonly channel: number;
  readonly direction: 'send' | 'receive';
  /** Milliseconds so far. */
  readonly waited: number;
  /**
   * Of Python, while `watchWaits` is on: `python/<until>/<interpreter's id>/<kind>/<file>:<line>:<function>`.
   * until: `forever` or `deadline`; kind: `job`, or `thread-<ident>` for one that Python code started.
   */
  readonly label: string | null;
}

/** One wait of Python code at channels that is over. */
export interface NativeWaited {
  /** Who waited, and where: `<interpreter's id>/<kind>/<file>:<line>:<function>`. */
  readonly place: string;
  readonly operation: 'send' | 'receive' | 'select';
  readonly channels: readonly number[];
  /** How many milliseconds ago. */
  readonly began: number;
  readonly ended: number;
}

/** What an agent says that it does for others while it waits. */
export interface NativeNote {
  /** `<interpreter's id>/<kind>`, as in labels of waits. */
  readonly agent: string;
  /** Tells the notes of an agent apart. */
  readonly key: number;
  /** Milliseconds since it was made, or made anew. */
  readonly age: number;
  readonly note: unknown;
}

/** A channel end and whose it is: a handle of this environment, or Python code of an interpreter. */
export type NativeHeldEnd = {
  readonly channel: number;
  readonly direction: 'send' | 'receive';
} & (
  | { readonly handle: Handle; readonly interpreter?: undefined }
  | { readonly interpreter: number; readonly handle?: undefined }
);

/** `job`s and `op`s are numbers that TypeScript chooses (> 0) to be able to cancel; 0: never cancelled. */
export interface Binding {
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

  exec(
    interpreter: Handle,
    source: string,
    filename: string | undefined,
    bind: object | undefined,
    timeout: number,
    job: number,
  ): Promise<void>;
  evaluate(
    interpreter: Handle,
    source: string,
    filename: string | undefined,
    bind: object | undefined,
    timeout: number,
    job: number,
  ): Promise<unknown>;
  /** `target`: `module:function`, or a number from `internFunction`. timeout in milliseconds, Infinity: none. */
  call(
    interpreter: Handle,
    target: string | number,
    args: readonly unknown[] | undefined,
    kwargs: object | undefined,
    timeout: number,
    job: number,
  ): Promise<unknown>;
  /**
   * Calls of one function from `internFunction`, a job each with the numbers from `firstJob` on; their
   * ends are told to the hook `jobsEnded`. `calls`: with `takesItem` the only argument of each, else
   * their argument lists. The number of jobs that were submitted: those before the first whose
   * arguments cannot cross. Throws if that is the first of all.
   */
  callMany(
    interpreter: Handle,
    target: number,
    calls: readonly unknown[],
    takesItem: boolean,
    firstJob: number,
  ): number;
  /**
   * A function called for one item after the other, as one job. It ends early at an item that cannot
   * cross, at a failure, at a coroutine, or when `budget` milliseconds are over after an item: fewer
   * results than items. Rejects never; throws if the first item cannot cross.
   */
  callEach(
    interpreter: Handle,
    target: string | number,
    items: readonly unknown[],
    kwargs: object | undefined,
    budget: number,
    job: number,
  ): Promise<NativeEach>;
  prepareMain(interpreter: Handle, bind: object): Promise<void>;
  execSync(
    interpreter: Handle,
    source: string,
    filename: string | undefined,
    bind: object | undefined,
    timeout: number,
  ): void;
  evaluateSync(
    interpreter: Handle,
    source: string,
    filename: string | undefined,
    bind: object | undefined,
    timeout: number,
  ): unknown;
  callSync(
    interpreter: Handle,
    target: string | number,
    args: readonly unknown[] | undefined,
    kwargs: object | undefined,
    timeout: number,
  ): unknown;
  /** `call` with `MOST_ARGUMENTS` positional arguments at most and nothing else. */
  invoke(
    interpreter: Handle,
    target: string | number,
    ...args: readonly unknown[]
  ): Promise<unknown>;
  /** `callSync` with `MOST_ARGUMENTS` positional arguments at most and nothing else. */
  invokeSync(interpreter: Handle, target: string | number, ...args: readonly unknown[]): unknown;
  readonly MOST_ARGUMENTS: number;
  internFunction(path: string): number;
  /** Stops a job of this environment by its number. */
  cancelJob(job: number): void;
  /** Takes a job back that has not begun; false if it has, or has ended. Its promise rejects as aborted. */
  withdrawJob(job: number): boolean;

  /** capacity 0: rendezvous, Infinity: unbounded. overflow 0: block, 1: drop oldest, 2: drop newest. */
  createChannel(
    capacity: number,
    overflow: 0 | 1 | 2,
    name: string | undefined,
  ): [sender: Handle, receiver: Handle];
  /** True: accepted. False: full (or nobody receives). Throws when closed or poisoned. */
  trySend(sender: Handle, value: unknown): boolean;
  /** undefined: done at once. Otherwise a promise. timeout in milliseconds. */
  send(sender: Handle, value: unknown, timeout: number, op: number): Promise<void> | undefined;
  /** Sends as many as fit now; the number accepted. */
  trySendMany(sender: Handle, values: readonly unknown[]): number;
  /** The message, or `EMPTY`, or `ENDED` (closed and drained). Throws when poisoned. */
  tryReceive(receiver: Handle): unknown;
  /** Everything that waits, up to `max`; an empty array when nothing; ENDED. */
  tryReceiveMany(receiver: Handle, max: number): unknown[] | symbol;
  /** Resolves with the message or `ENDED`; rejects when poisoned, timed out or cancelled. Call `tryReceive` first. */
  receive(receiver: Handle, timeout: number, op: number): Promise<unknown>;
  /**
   * A receive in two steps. The message or `ENDED` if there is one now. Else a promise of undefined: when it is
   * fulfilled, `takeHeld(op)` gives either. A promise of anything else is the message of an operation that
   * was cancelled too late.
   */
  receiveHeld(receiver: Handle, op: number): unknown;
  /** What `receiveHeld` waited for. Throws when poisoned. */
  takeHeld(op: number): unknown;
  /** Gives a `receiveHeld` up: what it received and was not taken goes to the next receiver. */
  putBackHeld(op: number): void;
  /**
   * One commit among the cases. `[index, value]`: value is the message, `ENDED` for an ended case,
   * undefined for a send. Index -1: nothing ready and `wait` is false.
   */
  select(
    cases: readonly NativeCase[],
    fair: boolean,
    wait: boolean,
    timeout: number,
    op: number,
  ): Promise<[number, unknown]> | [number, unknown];
  cancelOperation(op: number): void;
  closeEnd(end: Handle): void;
  poison(end: Handle, reason: string): void;
  channelStats(end: Handle): NativeChannelStats;
  /** Whether the age of its messages is known from now on. */
  setMonitored(end: Handle, on: boolean): void;
  /** Stats of every living channel of the process. */
  listChannels(): NativeChannelStats[];
  /** Another handle of the same end (one more sender or receiver). */
  cloneEnd(end: Handle): Handle;
  /** Whether both handles are of the same channel. */
  sameChannel(a: Handle, b: Handle): boolean;

  /** For a condition `n` is the handle of its lock. */
  createPrimitive(
    kind: 'lock' | 'semaphore' | 'event' | 'condition' | 'barrier',
    n: number,
  ): Handle;
  /**
   * Lock, semaphore: the handle of a permit. Event: true. Condition: a notification. Each at once or as
   * a promise. Barrier: `[index, promise]`, without a promise when all are there.
   */
  primitiveWait(primitive: Handle, timeout: number, op: number): unknown;
  /** `try` gives the handle of a permit or undefined, `notify` how many were, `lock` the lock of a condition. */
  primitiveDo(
    primitive: Handle,
    what: 'try' | 'add' | 'set' | 'clear' | 'notify' | 'lock' | 'reset' | 'abort',
    n: number,
  ): unknown;
  /** `count`: permits that nobody holds, parties that wait, 1 for an event that is set. */
  primitiveState(
    primitive: Handle,
  ): readonly [id: number, count: number, total: number, broken: string | null];
  /** Gives a permit back, and its handle. False: that was done before. */
  releasePermit(permit: Handle): boolean;

  /** Takes the memory of a typed array away from JavaScript: a handle of it, to be sent. */
  transferMemory(array: ArrayBufferView): Handle;
  /** The memory of such a handle, back as a typed array. Throws once it was received. */
  takeTransfer(transfer: Handle): ArrayBufferView;
  /** Lets go of memory that others own; the array is empty then. False: it is no such array. */
  releaseView(array: ArrayBufferView): boolean;
  /** Whether Python's waits are labelled; counted, so that each `true` needs its `false`. */
  watchWaits(on: boolean): void;
  /**
   * From now on `tell` is called for what Python code does to channels, as far as it is of these classes
   * (a bit for each, in the order of `EVENTS` in the package `channels`), instead of what was given before.
   * 0: no more. It is called from the event loop, some time after; does not keep that alive.
   */
  watchEvents(
    classes: number,
    tell: (
      eventClass: number,
      id: number,
      name: string | null,
      operation: 'send' | 'receive' | null,
      reason: string | null,
      interpreter: number | null,
    ) => void,
  ): void;
  /** Everybody who waits at a channel of the process; a `select` once for each of its cases. */
  listWaiters(): NativeWaiter[];
  /** The channel ends that this environment and Python code hold. */
  listEnds(): NativeHeldEnd[];
  /** Whether every wait of Python's is written down, while `watchWaits` is on; counted. */
  recordWaits(on: boolean): void;
  /** What was written down from a number on, and the number of the next; from the next one on without a number. */
  waitsSince(number?: number): [next: number, waits: NativeWaited[]];
  /** Makes a note for an agent, or takes it back with null. */
  setNote(agent: string, key: number, note: unknown): void;
  /** All notes of the process. */
  listNotes(): NativeNote[];

  /** Gives a handle back (garbage collection, `close`). Harmless when it is gone. */
  release(handle: Handle): void;
  readonly EMPTY: symbol;
  readonly ENDED: symbol;
  /** e.g. `3.13.0`, after `start`. */
  pythonVersion(): string | undefined;
}

export type NativeCase =
  | { readonly receive: Handle }
  | { readonly send: Handle; readonly value: unknown };
